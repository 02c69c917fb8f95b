//! A document read beside the heart, while its message still waits: the heart alone says whether it is let in, and only then
//! takes what was read.

use std::panic::catch_unwind;
use std::sync::{Arc, Mutex, PoisonError};

use customs::agreement::Document;
use kernel::{Findings, NodeId, Written};

use crate::admit::Delivery;
use crate::paper::{self, Envelope};

/// What a document says as far as it can be read, and what is wrong with it.
type Read = (Option<Written<Document>>, Findings);

/// What came of reading a document, until somebody takes it; nothing where nobody read it yet. It follows from the
/// document's bytes and its envelope, so that any two of one delivery are alike.
#[derive(Clone, Debug, Default)]
pub struct ReadAhead(Arc<Mutex<Option<Box<Read>>>>);

impl PartialEq for ReadAhead {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ReadAhead {}

impl ReadAhead {
    /// Reads a document that is in memory. One whose reading panics is left to the heart, where that undoes nothing else.
    #[must_use]
    pub fn of(us: &NodeId, delivery: &Delivery) -> Self {
        let Delivery { from, kind, payload, .. } = delivery;
        let read = payload.bytes().and_then(|bytes| {
            catch_unwind(|| Box::new(written(paper::read(&Envelope { from, to: us, kind }, bytes)))).ok()
        });
        Self(Arc::new(Mutex::new(read)))
    }

    /// What was read; once.
    pub(crate) fn take(&self) -> Option<Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map(|read| *read)
    }
}

/// What was read, and written as the record will have it.
pub(crate) fn written((document, findings): (Option<Document>, Findings)) -> Read {
    (document.map(Written::now), findings)
}
