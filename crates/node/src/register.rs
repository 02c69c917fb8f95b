//! Our register, asked on demand: a partner's question is answered from our own declarations, as far back as its term says.

use customs::assistance::quota::AskedStage;
use customs::assistance::register::{RegisterAnswer, RegisterAsked, RegisterAskedAct};
use customs::declaration::{Declaration, Lodged};
use jiff::civil::Date;
use kernel::{AnyAct, CaseId, Procedure as _, State};
use store::Failure;

use crate::act::{Turn, day_of};

impl Turn<'_> {
    /// Answers a question that was let through.
    pub(crate) fn register_after(&mut self, case: &CaseId, act: &str, state: &State) -> Result<(), Failure> {
        if case.desk() != RegisterAsked::NAME || act != "grant" {
            return Ok(());
        }
        let asked = state.read::<RegisterAsked>().ok();
        let Some(asked) = asked.filter(|asked| asked.stage() == Some(AskedStage::Answering)) else {
            return Ok(());
        };
        let key = format!("{}-{}", self.world.us, asked.question().declaration);
        let row = self.change.case(&CaseId::of(Lodged::NAME, key))?;
        let lodged = row.as_ref().and_then(|row| row.state.read::<Lodged>().ok());
        let declaration = lodged.as_deref().and_then(Lodged::declaration);
        let within = declaration.filter(|declaration| self.is_within(&asked, declaration));
        let cancelled = row.as_ref().is_some_and(|row| row.summary.stage == "cancelled");
        let answer = RegisterAnswer {
            reference: case.key().to_owned(),
            question: asked.question().reference.clone(),
            found: Some(within.is_some()),
            ..within.map_or_else(RegisterAnswer::default, |declaration| extract(declaration, cancelled))
        };
        self.follow(
            case.clone(),
            AnyAct::of(RegisterAskedAct::Answer { answer: Box::new(answer) }),
            Vec::new(),
        )
    }

    /// Whether a declaration is not older than the term's clock `back` says; without that clock any is.
    fn is_within(&self, asked: &RegisterAsked, declaration: &Declaration) -> bool {
        let back = asked.admission().and_then(|admission| admission.term.clock("back"));
        match (back, newest(declaration)) {
            (Some(back), Some(day)) => day >= day_of(back.before(self.now)),
            (_, _) => true,
        }
    }
}

fn newest(declaration: &Declaration) -> Option<Date> {
    declaration.departs.max(declaration.arrives)
}

fn extract(declaration: &Declaration, cancelled: bool) -> RegisterAnswer {
    RegisterAnswer {
        flow: Some(declaration.flow),
        cancelled: Some(cancelled),
        exporter: declaration.exporter.clone(),
        consignee: declaration.importer.clone(),
        departs: declaration.departs,
        arrives: declaration.arrives,
        lines: declaration.lines.clone(),
        ..RegisterAnswer::default()
    }
}
