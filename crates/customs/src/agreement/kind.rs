//! The kinds of document that pass between nodes, as everything outside their area sees them.
//!
//! An area declares a document once, as plain data that implements [`Writing`]; the catalogue lists it as a [`Kind`].
//! Terms, release field by field, admission, receipts, retries, the use ladder and content answers follow from that.

use std::fmt::Debug;
use std::marker::PhantomData;

use kernel::{CaseId, Effect, Facts, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Admission, Arrival, FieldClass, ReceivedAct};
use crate::declaration::Response;
use crate::terms::Country;

/// A document of an area. Fields a term withholds are missing on arrival, so every field has a default.
pub trait Writing: Default + Serialize + DeserializeOwned {
    /// The kind, as terms name it: kebab-case.
    const KIND: &'static str;
    /// Every field of the document's own data, with its disclosure class.
    const FIELDS: &'static [FieldClass];
    /// How the kind stands among the others.
    const NATURE: Nature = Nature::Statement;
    /// What becomes of it once the term no longer lets it be kept.
    const ENDING: Ending = Ending::Unread;

    /// The sender's reference, unique per kind and receiver.
    fn reference(&self) -> &str;

    /// What it is about, for lists and screens: a number or a name.
    fn number(&self) -> &str;

    /// Whose statement it is, where the document says so; held against its envelope.
    fn giver(&self) -> Option<&Country> {
        None
    }

    /// What follows on our side once it arrived, was let in and could be read.
    fn arrived(&self, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect>;

    /// What follows on our side once the partner's signed receipt for it is here.
    fn receipted(&self, _sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// What follows on our side once the partner answered whether it can use it, or what came of it.
    fn answered(&self, _sent: &Dispatched<'_>, _response: &Response, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// What follows on our side once all tries to deliver it failed.
    fn failed(&self, _sent: &Dispatched<'_>, _facts: &Facts<'_>) -> Vec<Effect> {
        Vec::new()
    }
}

/// How a kind stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// It tells or asks something; the receiver's node answers whether it is usable where the term wants that.
    Statement,
    /// It is itself such an answer and is not answered.
    Answer,
}

/// What becomes of a document once the term no longer lets it be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nobody reads it any more.
    Unread,
    /// Its bytes are destroyed: a partner told it for one matter and takes it back when that is over.
    Destroyed,
}

/// A document that arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// The case of the received item.
    pub case: &'a CaseId,
    /// How it came.
    pub arrival: &'a Arrival,
    /// The term that let it in.
    pub admission: &'a Admission,
}

impl Arrived<'_> {
    /// The case it is about moves by this act, and the item is tied to that case.
    #[must_use]
    pub fn moves(&self, case: CaseId, act: &impl Serialize) -> Vec<Effect> {
        let link = ReceivedAct::Link { consignment: case.clone() };
        vec![Effect::act(case, act), Effect::act(self.case.clone(), &link)]
    }
}

/// A document of ours that is out.
#[derive(Clone, Copy, Debug)]
pub struct Dispatched<'a> {
    /// The case of the sent item.
    pub case: &'a CaseId,
    /// The case it was sent for.
    pub about: &'a CaseId,
    /// The term that let it out.
    pub admission: &'a Admission,
}

/// A kind of document with its type hidden. Contents are the area's own data as JSON.
pub trait Kind: Sync {
    /// The kind's name, as terms use it.
    fn name(&self) -> &'static str;
    /// Every field with its class.
    fn fields(&self) -> &'static [FieldClass];
    /// How it stands among the others.
    fn nature(&self) -> Nature;
    /// See [`Writing::ENDING`].
    fn ending(&self) -> Ending;
    /// The content of an empty document, for the test that every field is classified.
    fn blank(&self) -> Value;
    /// Reads a content and says what it is about.
    ///
    /// # Errors
    /// `document-unreadable` for data of another shape.
    fn outline(&self, content: &Value) -> Result<Outline, Refusal>;
    /// See [`Writing::arrived`].
    fn arrived(&self, content: &Value, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect>;
    /// See [`Writing::receipted`].
    fn receipted(&self, content: &Value, sent: &Dispatched<'_>, facts: &Facts<'_>) -> Vec<Effect>;
    /// See [`Writing::answered`].
    fn answered(
        &self,
        content: &Value,
        sent: &Dispatched<'_>,
        response: &Response,
        facts: &Facts<'_>,
    ) -> Vec<Effect>;
    /// See [`Writing::failed`].
    fn failed(&self, content: &Value, sent: &Dispatched<'_>, facts: &Facts<'_>) -> Vec<Effect>;
}

/// What everybody may know of a document without knowing its area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The sender's reference.
    pub reference: String,
    /// What it is about.
    pub number: String,
    /// Whose statement it is.
    pub giver: Option<Country>,
}

/// The kind of document `W`.
pub struct KindOf<W>(PhantomData<fn() -> W>);

impl<W> Debug for KindOf<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<W>())
    }
}

impl<W> Default for KindOf<W> {
    fn default() -> Self {
        Self::new()
    }
}

impl<W> KindOf<W> {
    /// The kind of document `W`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<W: Writing> KindOf<W> {
    fn follow(content: &Value, follow: impl FnOnce(&W) -> Vec<Effect>) -> Vec<Effect> {
        W::deserialize(content).map_or_else(|_| Vec::new(), |document| follow(&document))
    }
}

impl<W: Writing> Kind for KindOf<W> {
    fn name(&self) -> &'static str {
        W::KIND
    }

    fn fields(&self) -> &'static [FieldClass] {
        W::FIELDS
    }

    fn nature(&self) -> Nature {
        W::NATURE
    }

    fn ending(&self) -> Ending {
        W::ENDING
    }

    fn blank(&self) -> Value {
        serde_json::to_value(W::default()).expect("a document is plain data")
    }

    fn outline(&self, content: &Value) -> Result<Outline, Refusal> {
        let document = W::deserialize(content)
            .map_err(|error| Refusal::new("document-unreadable", error.to_string()))?;
        Ok(Outline {
            reference: document.reference().to_owned(),
            number: document.number().to_owned(),
            giver: document.giver().cloned(),
        })
    }

    fn arrived(&self, content: &Value, item: &Arrived<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        Self::follow(content, |document| document.arrived(item, facts))
    }

    fn receipted(&self, content: &Value, sent: &Dispatched<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        Self::follow(content, |document| document.receipted(sent, facts))
    }

    fn answered(
        &self,
        content: &Value,
        sent: &Dispatched<'_>,
        response: &Response,
        facts: &Facts<'_>,
    ) -> Vec<Effect> {
        Self::follow(content, |document| document.answered(sent, response, facts))
    }

    fn failed(&self, content: &Value, sent: &Dispatched<'_>, facts: &Facts<'_>) -> Vec<Effect> {
        Self::follow(content, |document| document.failed(sent, facts))
    }
}
