//! An act, with its procedure's type hidden: the procedure's own data where the node itself takes it, JSON where people bring it
//! or the disk kept it.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Named;

/// An act somebody wants taken on a case. Clones are one and the same.
#[derive(Clone)]
pub struct AnyAct(Form);

#[derive(Clone)]
enum Form {
    Own(Arc<dyn Own>),
    Json(Value),
}

/// A procedure's own act, its type hidden.
trait Own: Any + Send + Sync {
    fn called(&self) -> &'static str;
    fn to_json(&self) -> Value;
}

impl<A: Named + Serialize + Send + Sync + 'static> Own for A {
    fn called(&self) -> &'static str {
        self.name()
    }

    fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("an act is plain data")
    }
}

impl AnyAct {
    /// A procedure's own act. Written as JSON and read back it must be the same.
    #[must_use]
    pub fn of<A: Named + Serialize + DeserializeOwned + Send + Sync + 'static>(act: A) -> Self {
        debug_assert!(is_plain(&act), "not read back as it stands: {}", act.to_json());
        Self(Form::Own(Arc::new(act)))
    }

    /// The act as a procedure's own.
    ///
    /// # Errors
    /// Where it is none of this procedure.
    pub fn read<A: DeserializeOwned + Send + Sync + 'static>(&self) -> Result<Arc<A>, serde_json::Error> {
        let json = match &self.0 {
            Form::Json(json) => Cow::Borrowed(json),
            Form::Own(own) => {
                let any: Arc<dyn Any + Send + Sync> = Arc::<dyn Own>::clone(own);
                match any.downcast() {
                    Ok(act) => return Ok(act),
                    Err(_) => Cow::Owned(own.to_json()),
                }
            }
        };
        A::deserialize(&*json).map(Arc::new)
    }

    /// The name it bears; empty where it bears none.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Form::Own(own) => own.called(),
            Form::Json(json) => json.get("act").and_then(Value::as_str).unwrap_or_default(),
        }
    }

    /// The act as JSON.
    #[must_use]
    pub fn json(&self) -> Cow<'_, Value> {
        match &self.0 {
            Form::Own(own) => Cow::Owned(own.to_json()),
            Form::Json(json) => Cow::Borrowed(json),
        }
    }
}

/// Whether an act says the same after it was written and read.
fn is_plain<A: Own + DeserializeOwned>(act: &A) -> bool {
    let json = act.to_json();
    A::deserialize(&json).is_ok_and(|read| read.to_json() == json)
}

impl From<Value> for AnyAct {
    fn from(json: Value) -> Self {
        Self(Form::Json(json))
    }
}

impl fmt::Debug for AnyAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::CaseId;
    use crate::obligation::Act;

    fn met() -> Act {
        Act::Meet { evidence: CaseId::new("item/1") }
    }

    #[test]
    fn an_act_of_ones_own_is_read_without_being_made_again() {
        let act = AnyAct::of(met());
        let (one, other) = (act.read::<Act>().expect("is one"), act.clone().read::<Act>().expect("is one"));
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn an_act_is_the_same_whether_it_comes_as_data_or_as_json() {
        let (own, brought) =
            (AnyAct::of(met()), AnyAct::from(json!({ "act": "meet", "evidence": "item/1" })));
        assert_eq!(own.json(), brought.json());
        assert_eq!((own.name(), brought.name()), ("meet", "meet"));
        assert_eq!(*own.read::<Act>().expect("is one"), *brought.read::<Act>().expect("is one"));
    }

    #[test]
    fn another_procedures_act_is_read_where_it_says_what_this_ones_would() {
        #[derive(serde::Deserialize)]
        struct Other {
            evidence: String,
        }
        assert_eq!(AnyAct::of(met()).read::<Other>().expect("has evidence").evidence, "item/1");
        assert!(AnyAct::from(json!({ "act": "sing" })).read::<Act>().is_err());
    }

    #[test]
    fn what_bears_no_name_has_none() {
        assert_eq!(AnyAct::from(json!([1, 2])).name(), "");
    }
}
