//! A case as it stands, with its procedure's type hidden: the procedure's own data in memory, text on the disk, JSON for whoever
//! does not know the procedure.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::IgnoredAny;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{Procedure, canonical};

/// A case as it stands. It comes from an act as the procedure's own data, or from the disk as text; another form is made
/// when somebody first asks for it, and stays. Clones are one and the same.
#[derive(Clone)]
pub struct State(Arc<Forms>);

/// At least one of them is there from the beginning; all that are say the same.
#[derive(Default)]
struct Forms {
    own: OnceLock<Arc<dyn Own>>,
    json: OnceLock<Value>,
    /// What the case is read from, where it was kept.
    text: Option<String>,
}

/// A procedure's own data, its type hidden.
trait Own: Any + Send + Sync {
    fn to_json(&self) -> Value;
    fn to_text(&self) -> String;
}

impl<P: Procedure> Own for P {
    fn to_json(&self) -> Value {
        serde_json::to_value(self).expect(PLAIN)
    }

    fn to_text(&self) -> String {
        canonical::to_text(self).expect(PLAIN)
    }
}

impl State {
    /// A case as it was kept: [`State::to_text`] of it.
    ///
    /// # Errors
    /// Where the text is no JSON.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<IgnoredAny>(&text)?;
        Ok(Self(Arc::new(Forms { text: Some(text), ..Forms::default() })))
    }

    /// The case as its procedure's own data.
    ///
    /// # Errors
    /// Where it is none of this procedure.
    pub fn read<P: Procedure>(&self) -> Result<Arc<P>, serde_json::Error> {
        if let Some(own) = self.0.own.get() {
            let own: Arc<dyn Any + Send + Sync> = Arc::<dyn Own>::clone(own);
            if let Ok(case) = own.downcast() {
                return Ok(case);
            }
        }
        let case = Arc::new(match (self.0.json.get(), &self.0.text) {
            (None, Some(text)) => serde_json::from_str::<P>(text)?,
            _ => P::deserialize(self.json())?,
        });
        let own: Arc<dyn Own> = Arc::<P>::clone(&case);
        // Whoever read it first is remembered; another procedure's reading is not worth keeping.
        let _ = self.0.own.set(own);
        Ok(case)
    }

    /// The case as JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        self.0.json.get_or_init(|| match (&self.0.text, self.0.own.get()) {
            (Some(text), _) => serde_json::from_str(text).expect("it was read before"),
            (None, Some(own)) => own.to_json(),
            (None, None) => Value::Null,
        })
    }

    /// The case as canonical text, as it is kept.
    #[must_use]
    pub fn to_text(&self) -> String {
        match (&self.0.text, self.0.json.get(), self.0.own.get()) {
            (Some(text), ..) => text.clone(),
            (None, None, Some(own)) => own.to_text(),
            _ => self.json().to_string(),
        }
    }
}

impl<P: Procedure> From<Arc<P>> for State {
    fn from(case: Arc<P>) -> Self {
        let own: Arc<dyn Own> = case;
        Self(Arc::new(Forms { own: OnceLock::from(own), ..Forms::default() }))
    }
}

impl From<Value> for State {
    fn from(json: Value) -> Self {
        Self(Arc::new(Forms { json: OnceLock::from(json), ..Forms::default() }))
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(serializer)
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.json() == other.json()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json().fmt(f)
    }
}

/// Why a case can always be written.
const PLAIN: &str = "a case is plain data";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::NoBooks;
    use crate::{Actor, Desk, Facts, Obligation, Of, Role};

    fn opened() -> State {
        let act = json!({ "act": "open", "by": "VN", "to": "TH", "what": "answer", "about": "item/1", "source": "term 1",
            "due": "2026-11-22T10:00:00Z", "escalation": [["4h", "secretary"]] });
        let (actor, case) =
            (Actor::new("VN", Role::NODE), crate::CaseId::of(Obligation::NAME, "answer/item/1"));
        let facts = Facts { now: jiff::Timestamp::UNIX_EPOCH, actor: &actor, case: &case, books: &NoBooks };
        Of::<Obligation>::new().take(None, &act.into(), &facts).expect("opens").state
    }

    #[test]
    fn a_case_an_act_left_is_read_again_without_being_made_again() {
        let state = opened();
        let (one, other) = (state.read::<Obligation>().expect("is one"), state.read().expect("is one"));
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn a_case_from_the_disk_is_made_once_and_is_the_same() {
        let (kept, state) = (opened(), State::from(opened().json().clone()));
        let (one, other) = (state.read::<Obligation>().expect("is one"), state.read().expect("is one"));
        assert!(Arc::ptr_eq(&one, &other));
        assert_eq!(state, kept);
        assert_eq!(*one, *kept.read::<Obligation>().expect("is one"));
    }

    #[test]
    fn a_case_is_read_from_its_text_as_from_its_json() {
        let kept = opened();
        let state = State::from_text(kept.to_text()).expect("is JSON");
        assert_eq!(*state.read::<Obligation>().expect("is one"), *kept.read::<Obligation>().expect("is one"));
        assert_eq!((state.json(), state.to_text()), (kept.json(), kept.to_text()));
        assert!(State::from_text("{\"stage\":".into()).is_err());
    }

    #[test]
    fn a_case_is_the_same_text_wherever_it_comes_from() {
        let state = opened();
        let text = state.to_text();
        assert_eq!(text, State::from(state.json().clone()).to_text());
        assert_eq!(text, state.json().to_string());
    }

    #[test]
    fn what_is_no_case_of_a_procedure_is_not_read_as_one() {
        assert!(State::from(json!({ "stage": "nowhere" })).read::<Obligation>().is_err());
    }
}
