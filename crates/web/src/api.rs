//! The JSON interface for the administration's own systems: cases, their history and offers, acts, declarations.

use kernel::{ActId, CaseId, Field, Form, Need, Refusal, Severity, Sort};
use serde_json::{Value, json};
use store::{CaseRow, Order, Query};

use crate::ask::{Ask, Problem, Reply};
use crate::attach;
use crate::fields::Fields;
use crate::node_side::Wanted;

/// The interface's own description (OpenAPI 3.1), kept by hand; a test holds it against the list of addresses.
pub const OPENAPI: &str = include_str!("../static/openapi.json");

/// The most cases one answer lists.
const CASES_MAX: u64 = 1_000;

/// The description of this interface.
///
/// # Errors
/// Where the description is no JSON, which a test rules out.
pub(crate) fn openapi(_ask: &Ask) -> Result<Reply, Problem> {
    let value = serde_json::from_str(OPENAPI).map_err(|error| Problem::Undrawn(error.to_string()))?;
    Ok(Reply::json(200, value))
}

/// Cases by query.
///
/// # Errors
/// [`Problem::BadForm`] for a query that cannot be read, or what the store says.
pub(crate) fn cases(ask: &Ask) -> Result<Reply, Problem> {
    let query = query(&ask.query)?;
    let page = ask.read(|look| look.cases(&query))?;
    let rows: Vec<_> = page.rows.iter().map(case_json).collect();
    Ok(Reply::json(200, json!({ "total": page.total, "offset": query.offset, "cases": rows })))
}

/// One case as it stands: what lists show of it. What a partner said is read by its own act, with a purpose.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn case(ask: &Ask) -> Result<Reply, Problem> {
    Ok(Reply::json(200, case_json(&row(ask)?)))
}

/// All entries of a case.
///
/// # Errors
/// [`Problem::NotFound`], or what the store says.
pub(crate) fn history(ask: &Ask) -> Result<Reply, Problem> {
    let case = row(ask)?.id;
    let entries = ask.read(|look| look.history(&case))?;
    let entry = |(number, entry): &(u64, kernel::Entry)| {
        let what = match &entry.what {
            kernel::Happening::Event { act, name, event } => {
                json!({ "act": act, "name": name, "event": event["event"] })
            }
            kernel::Happening::Refused { act, name, refusal } => {
                json!({ "act": act, "name": name, "refused": refusal })
            }
            other => serde_json::to_value(other).unwrap_or_default(),
        };
        json!({ "number": number, "at": entry.at, "actor": entry.actor, "what": what })
    };
    Ok(Reply::json(200, json!({ "case": case, "entries": entries.iter().map(entry).collect::<Vec<_>>() })))
}

/// The acts whoever asks may take on a case now; for a case that does not exist, the acts that open it.
///
/// # Errors
/// What the store says.
pub(crate) fn offers(ask: &Ask) -> Result<Reply, Problem> {
    let case = CaseId::new(ask.params.text("case"));
    let role = ask.role().ok_or(Problem::Forbidden)?;
    let state = ask.read(|look| look.case(&case))?.map(|row| row.state);
    let offers = ask.app.node.offers(&case, state.as_ref(), &role);
    let desk = ask.app.node.desks().iter().find(|desk| desk.name() == case.desk());
    let forms: Vec<_> = offers.iter().filter_map(|act| Some(form_json(&desk?.form(act)))).collect();
    Ok(Reply::json(200, json!({ "case": case, "role": role, "offers": offers, "forms": forms })))
}

/// A form as programs read it: the fields with their sorts.
fn form_json(form: &Form) -> Value {
    fn fields(fields: &[Field]) -> Vec<Value> {
        fields.iter().map(field).collect()
    }
    fn field(field: &Field) -> Value {
        let (sort, more) = match field.sort {
            Sort::Text(most) => ("text", json!({ "most": most })),
            Sort::LongText(most) => ("long-text", json!({ "most": most })),
            Sort::Words(most) => ("words", json!({ "most": most })),
            Sort::Whole(least, most) => ("whole", json!({ "least": least, "most": most })),
            Sort::Decimal => ("decimal", json!({})),
            Sort::Money => ("money", json!({})),
            Sort::Quantity => ("quantity", json!({})),
            Sort::Day => ("day", json!({})),
            Sort::Moment => ("moment", json!({})),
            Sort::Choice(_, codes) => ("choice", json!({ "codes": codes })),
            Sort::Several(_, codes) => ("several", json!({ "codes": codes })),
            Sort::Country => ("country", json!({})),
            Sort::Partner => ("partner", json!({})),
            Sort::Case(desk) => ("case", json!({ "desk": desk })),
            Sort::YesNo => ("yes-no", json!({})),
            Sort::Lines(inner) => ("lines", json!({ "fields": fields(inner) })),
            Sort::File => ("file", json!({})),
            Sort::Json => ("json", json!({})),
        };
        let mut field = json!({ "name": field.name, "sort": sort, "needed": field.need == Need::Needed });
        if let (Value::Object(field), Value::Object(more)) = (&mut field, more) {
            field.extend(more);
        }
        field
    }
    json!({ "act": form.act, "fields": fields(form.fields) })
}

/// Takes an act. The caller chooses its id: the same act given twice is taken once and answered alike. Where files belong to
/// it, it comes as a form: `id`, `act`, and each file under the name of its field.
///
/// # Errors
/// The refusal with its code, or why the node could not take it.
pub(crate) fn act(ask: &Ask) -> Result<Reply, Problem> {
    let (id, mut act) = asked(ask)?;
    if !(1..=128).contains(&id.len()) || !act["act"].is_string() {
        return Err(Problem::BadForm);
    }
    for file in &ask.files {
        let kept = attach::of_program(file).ok_or_else(|| Refusal::new("file-not-taken", file.name.clone()));
        let kept = kept.map_err(Problem::Refused)?;
        act[file.field.as_str()] = json!(kept);
    }
    let files = ask.files.iter().map(|file| file.bytes.clone()).collect();
    let case = CaseId::new(ask.params.text("case"));
    let acted = ask.act(Wanted { id: ActId::new(id), case, act, files })?;
    let value = serde_json::to_value(acted).map_err(|error| Problem::Undrawn(error.to_string()))?;
    Ok(Reply::json(200, value))
}

/// The act's id and itself, out of a body of JSON or of a form.
fn asked(ask: &Ask) -> Result<(String, Value), Problem> {
    if !ask.files.is_empty() {
        let act = serde_json::from_str(ask.form.text("act")).map_err(|_| Problem::BadForm)?;
        return Ok((ask.form.text("id").to_owned(), act));
    }
    let mut body: Value = serde_json::from_slice(sent(ask)?).map_err(|_| Problem::BadForm)?;
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    Ok((id, body["act"].take()))
}

/// Takes own declarations in: WCO XML, CSV or JSON, as the body or as the file of a form.
///
/// # Errors
/// Why the node could not take them; what is wrong with the declarations is in the answer.
pub(crate) fn declarations(ask: &Ask) -> Result<Reply, Problem> {
    let bytes = sent(ask)?.to_vec();
    let media = ask.upload.as_ref().map_or("", |upload| upload.media.as_str());
    let actor = ask.actor().ok_or(Problem::Forbidden)?;
    let report = ask.app.node.import(actor, bytes, media)?;
    let status = if report.taken.is_empty() && report.known.is_empty() { 422 } else { 200 };
    let value = serde_json::to_value(report).map_err(|error| Problem::Undrawn(error.to_string()))?;
    Ok(Reply::json(status, value))
}

fn sent(ask: &Ask) -> Result<&[u8], Problem> {
    ask.upload.as_ref().map(|upload| upload.bytes.as_slice()).ok_or(Problem::BadForm)
}

fn row(ask: &Ask) -> Result<CaseRow, Problem> {
    let case = CaseId::new(ask.params.text("case"));
    ask.read(|look| look.case(&case))?.ok_or(Problem::NotFound)
}

fn case_json(row: &CaseRow) -> Value {
    json!({ "case": row.id, "opened": row.opened, "changed": row.changed, "summary": row.summary })
}

/// A query from the names of an address. A name that is not one of ours is a mistake, not a wider question.
fn query(asked: &Fields) -> Result<Query, Problem> {
    let mut query = Query { limit: 100, ..Query::default() };
    for (name, value) in asked.iter() {
        let text = || Some(value.to_owned());
        match name {
            "desk" => query.desk = text(),
            "stage" => query.stages.push(value.to_owned()),
            "partner" => query.partner = text(),
            "lane" => query.lane = text(),
            "rung_min" => query.rung_min = Some(read(value)?),
            "severity_min" => query.severity_min = Some(severity(value)?),
            "closed" => query.closed = Some(read(value)?),
            "due_until" => query.due_until = Some(read(value)?),
            "reference" => query.reference = Some(reference(value)?),
            "text" => query.text = text(),
            "order" => query.order = order(value)?,
            "offset" => query.offset = read(value)?,
            "limit" => query.limit = u32::try_from(read::<u64>(value)?.clamp(1, CASES_MAX)).unwrap_or(100),
            _ => return Err(Problem::BadForm),
        }
    }
    Ok(query)
}

fn read<T: std::str::FromStr>(value: &str) -> Result<T, Problem> {
    value.parse().map_err(|_| Problem::BadForm)
}

fn severity(value: &str) -> Result<Severity, Problem> {
    serde_json::from_value(Value::from(value)).map_err(|_| Problem::BadForm)
}

fn reference(value: &str) -> Result<(String, String), Problem> {
    let (kind, value) = value.split_once(':').ok_or(Problem::BadForm)?;
    Ok((kind.to_owned(), value.to_owned()))
}

fn order(value: &str) -> Result<Order, Problem> {
    match value {
        "newest" => Ok(Order::Newest),
        "due" => Ok(Order::Due),
        "severity" => Ok(Order::Severity),
        "oldest" => Ok(Order::Oldest),
        _ => Err(Problem::BadForm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_whole_or_not_at_all() {
        let asked = |text: &str| query(&Fields::read(text.as_bytes()));
        let read = asked(
            "desk=received&stage=faulty&stage=quarantined&closed=false&reference=export:TH:1&limit=9999",
        );
        let expected = Query {
            desk: Some("received".into()),
            stages: vec!["faulty".into(), "quarantined".into()],
            closed: Some(false),
            reference: Some(("export".into(), "TH:1".into())),
            limit: 1_000,
            ..Query::default()
        };
        assert_eq!(read.expect("a query"), expected);
        for wrong in ["desks=received", "closed=perhaps", "rung_min=300", "order=random", "due_until=soon"] {
            assert!(matches!(asked(wrong), Err(Problem::BadForm)), "{wrong}");
        }
    }
}
