//! Targeting: what each reason to look found beside chance, what waits by money and time, what offices will have to do; and
//! where profiles are written and tried.

mod board;
mod editor;
mod parcels;
mod past;
mod written;

pub(crate) use board::targeting;
pub(crate) use editor::{editor, keep as keep_profile};
pub(crate) use parcels::parcels;
pub(crate) use past::Remembered;
