//! The pages every desk has, whatever its area: the list of its cases, one case with all that belongs to it, the forms that
//! open a case, and the files kept with it. They are drawn from what the desk says of itself: summary, table, forms.

mod list;
mod new;
mod one;
pub(in crate::pages) mod paper;
mod related;
mod values;

use kernel::Desk;

pub(crate) use list::cases;
pub(in crate::pages) use list::{act_word, address_of};
pub(crate) use new::new_case;
pub(in crate::pages) use one::opened;
pub(crate) use one::{attachment, case};
pub(crate) use paper::paper;
pub(crate) use values::Block;

use crate::ask::{Ask, Problem};

/// The desk a path names, where whoever asks may open its cases.
fn desk_of(ask: &Ask) -> Result<&'static dyn Desk, Problem> {
    let name = ask.params.text("desk");
    let desk = ask.app.node.desks().iter().copied().find(|desk| desk.name() == name);
    let desk = desk.ok_or(Problem::NotFound)?;
    open_to(ask, desk).map(|()| desk)
}

/// Whether whoever asks may open the cases of a desk.
fn open_to(ask: &Ask, desk: &dyn Desk) -> Result<(), Problem> {
    let role = ask.role().ok_or(Problem::Forbidden)?;
    if desk.readers().contains(&role) { Ok(()) } else { Err(Problem::Forbidden) }
}
