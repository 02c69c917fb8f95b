//! Rules: facts in, findings out, one file each, with an example block that is both test and manual page.

use crate::Findings;

/// One rule over a subject `T`: it looks, and says what it saw.
pub struct Rule<T: ?Sized> {
    /// The code its findings carry; also the name of its file.
    pub code: &'static str,
    /// Where the rule comes from: article, section, or "own practice".
    pub basis: &'static str,
    /// Looks at the subject and adds what it saw.
    pub check: fn(&T, &mut Findings),
}

impl<T: ?Sized> std::fmt::Debug for Rule<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("code", &self.code).field("basis", &self.basis).finish_non_exhaustive()
    }
}

/// All findings of these rules on one subject.
#[must_use]
pub fn run<T: ?Sized>(rules: &[Rule<T>], subject: &T) -> Findings {
    let mut findings = Findings::new();
    for rule in rules {
        (rule.check)(subject, &mut findings);
    }
    findings
}
