//! A tally of findings that no input can fill with trifles until the grave ones find no room.

use kernel::{Finding, Findings, Severity};

/// Findings gathered with a bound for each weight; what finds no room is counted and never built.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    findings: Findings,
    light: usize,
    heavy: usize,
}

/// Most notes and warnings.
const LIGHT_MAX: usize = 300;
/// Most errors. What is left of [`Findings::MAX`] is for what ended a document, of which a file has at most a hundred.
const HEAVY_MAX: usize = 400;

impl Tally {
    /// Whether there is room for a finding of this weight; where not, it is counted and need not be made.
    pub(crate) const fn admits(&mut self, severity: Severity) -> bool {
        let room = match severity {
            Severity::Note | Severity::Warning => self.light < LIGHT_MAX,
            Severity::Error => self.heavy < HEAVY_MAX,
            Severity::Fatal => true,
        };
        if !room {
            self.findings.dropped += 1;
        }
        room
    }

    /// Takes a finding in, where there is room for it.
    pub(crate) fn tell(&mut self, finding: Finding) {
        if !self.admits(finding.severity) {
            return;
        }
        match finding.severity {
            Severity::Note | Severity::Warning => self.light += 1,
            Severity::Error => self.heavy += 1,
            Severity::Fatal => {}
        }
        self.findings.push(finding);
    }

    /// Whether an error has been told.
    pub(crate) const fn has_errors(&self) -> bool {
        self.heavy > 0
    }

    /// Whether this code has been told.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }

    /// Whether nothing has been told.
    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The findings, in the order of the bytes.
    pub(crate) fn finish(mut self) -> Findings {
        self.findings.sort_by_place();
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use kernel::Place;

    use super::*;

    #[test]
    fn trifles_leave_room_for_what_is_grave() {
        let mut tally = Tally::default();
        for severity in [Severity::Warning, Severity::Error] {
            for _ in 0..5_000 {
                tally.tell(Finding::of(severity, "x", Place::default()));
            }
        }
        tally.tell(Finding::of(Severity::Fatal, "x", Place::default()));
        let findings = tally.finish();
        assert_eq!(findings.worst(), Some(Severity::Fatal));
        assert_eq!((findings.len(), findings.dropped), (701, 9_300));
    }
}
