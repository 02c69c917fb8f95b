//! A table of product-specific rules of origin that was handed in is read in the same step, and its rules come into force.

use customs::certificate::{OriginRules, OriginRulesAct};
use formats::read_origin_rules;
use kernel::{AnyAct, CaseId, Procedure as _, State};
use store::Failure;

use crate::act::Turn;

impl Turn<'_> {
    /// Reads a table of rules that just came in.
    pub(crate) fn origin_rules_after(&mut self, case: &CaseId, state: &State) -> Result<(), Failure> {
        if case.desk() != OriginRules::NAME {
            return Ok(());
        }
        let waiting = state.read::<OriginRules>().ok();
        let Some(table) = waiting.as_deref().and_then(OriginRules::waiting) else { return Ok(()) };
        let bytes = self.change.blob(&table.digest)?.unwrap_or_default();
        let (rules, findings) = read_origin_rules(&bytes);
        let act = OriginRulesAct::Load { rules, faulty: findings.iter().count() };
        self.follow(case.clone(), AnyAct::of(act), vec![table.digest])
    }
}
