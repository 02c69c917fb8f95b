//! Selection put to use: what is declared to us goes through the profiles in force, the watch lists, the model and the
//! control sample; lines that come out of it are referred to an officer with every reason.
//!
//! The same declaration, in the same books, with the same secret of the day, is chosen for the same reasons. What becomes
//! known later (a partner's statement, a certificate) is asked again and widens the referral; it never narrows one.

mod goods;
mod held;
mod outcome;
mod past;
mod recent;
mod refer;
mod rescreen;
mod screened;
mod signed;

use customs::gate::{Consignment, ConsignmentStage};
use customs::targeting::{Control, LISTS, MODELS};
use kernel::{CaseId, Procedure as _};
use store::Failure;

pub use goods::Goods;
pub(crate) use held::Selector;
pub use held::list_book;
pub use past::{ChosenBy, Found, PastLine, Verdict, past};
pub(crate) use rescreen::RESCREEN;
pub use signed::MODEL_SIGNERS;

use crate::act::{Turn, day_of};

impl Turn<'_> {
    /// Notes what an act on a case means for selection.
    pub(crate) fn select_after(&mut self, case: &CaseId, act: &str) {
        match (case.desk(), act) {
            (
                Consignment::NAME,
                "declare" | "link" | "unlink" | "choose" | "check" | "believe" | "withdraw",
            ) => {
                self.to_select.insert(case.clone());
            }
            (Control::NAME, _) => self.world.selector.forget(),
            _ => {}
        }
    }

    /// Notes what an edition of a book means for selection.
    pub(crate) fn select_by(&mut self, book: &str) {
        if [customs::targeting::BOOK, LISTS, MODELS].contains(&book) {
            self.world.selector.forget();
        }
    }

    /// Looks at every consignment that changed.
    pub(crate) fn select(&mut self) -> Result<(), Failure> {
        for case in std::mem::take(&mut self.to_select) {
            let Some(row) = self.change.case(&case)? else { continue };
            let Ok(consignment) = row.state.read::<Consignment>() else { continue };
            match consignment.stage() {
                Some(ConsignmentStage::Withdrawn) => self.let_go(&case, &consignment)?,
                Some(ConsignmentStage::Released) | None => {}
                Some(_) => self.select_one(&case, &consignment)?,
            }
        }
        Ok(())
    }

    fn select_one(&mut self, case: &CaseId, consignment: &Consignment) -> Result<(), Failure> {
        let today = day_of(self.now);
        let world = &mut *self.world;
        world.selector.refresh(&*self.change, &world.shelf, today)?;
        if world.selector.is_idle() {
            return Ok(());
        }
        let listed = self.listed(consignment)?;
        let lists: Vec<String> = listed.iter().map(|found| found.found.list.clone()).collect();
        let secret = self.secret_of(today)?;
        let goods = Goods::of(consignment, &lists, today);
        let selector = &mut self.world.selector;
        let chosen = outcome::chosen(selector, goods, &listed, secret.as_ref());
        for one in chosen {
            self.refer(case, consignment, one)?;
        }
        Ok(())
    }

    /// The secret chance is drawn by on a day; none where the node was never given one.
    fn secret_of(&self, day: jiff::civil::Date) -> Result<Option<[u8; 32]>, Failure> {
        let kept = self.change.kept(SECRET)?;
        Ok(kept.map(|secret| *kernel::Digest::of(format!("{day}{}", hex(&secret)).as_bytes()).as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Under this key the node keeps what it draws by: given once, told to nobody. The secret of a day follows from it and can
/// be shown when the day is over without giving away any other's.
pub const SECRET: &str = "control-secret";
