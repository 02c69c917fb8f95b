//! Lists and counts of cases: a [`Query`] as SQL.
//!
//! A list comes from one of two places: from the index of its order, one stretch of it for each desk and for open and
//! closed cases, merged row by row and read no further than the page; or from the cases that a reference or a text in
//! the title picks, sorted. Counts come from the table `counts`, except where the query asks for what is not counted
//! there.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::columns::{NEVER, failed, moment, number, severity, severity_code};
use super::view::{all, case_columns, one};
use crate::{Failure, KeptCase, Order, Page, Query, Tally};

/// One page of cases, and how many there are, as of one moment.
pub(super) fn page(connection: &Connection, query: &Query) -> Result<Page, Failure> {
    at_one_moment(connection, || {
        let total = total(connection, query)?;
        if total <= query.offset {
            return Ok(Page { rows: Vec::new(), total });
        }
        let most = if query.limit == 0 { PAGE } else { query.limit };
        let mut rows = Vec::new();
        each(connection, query, i64::from(most), &mut |kept| {
            rows.push(kept.read()?);
            Ok(())
        })?;
        Ok(Page { rows, total })
    })
}

/// Goes through cases.
pub(super) fn sweep(
    connection: &Connection,
    query: &Query,
    take: &mut dyn FnMut(KeptCase) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let most = if query.limit == 0 { -1 } else { i64::from(query.limit) };
    at_one_moment(connection, || each(connection, query, most, take))
}

/// Gives so many cases, all where that is negative.
fn each(
    connection: &Connection,
    query: &Query,
    most: i64,
    take: &mut dyn FnMut(KeptCase) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let desks = match &query.desk {
        Some(desk) => vec![desk.clone()],
        None => all(connection, "SELECT DISTINCT desk FROM counts", (), |row| row.get(0))?,
    };
    if desks.is_empty() {
        return Ok(());
    }
    let (list, doing) = (Sql::list(query, &desks, most), "go through cases");
    let mut statement = connection.prepare_cached(&list.text).map_err(failed(doing))?;
    let mut rows = statement.query(params_from_iter(&list.values)).map_err(failed(doing))?;
    while let Some(row) = rows.next().map_err(failed(doing))? {
        take(case_of(connection, row.get(0).map_err(failed(doing))?)?)?;
    }
    Ok(())
}

/// How many cases a query finds by a column.
pub(super) fn tally(
    connection: &Connection,
    query: &Query,
    by: Tally,
) -> Result<Vec<(String, u64)>, Failure> {
    let sql = Sql::counts(query, columns_of(by));
    let mut tally = all(connection, &sql.text, params_from_iter(&sql.values), |row| tally_row(row, by))?;
    tally.sort();
    Ok(tally)
}

/// Runs several reads in one transaction, so that they see the same cases.
fn at_one_moment<T>(
    connection: &Connection,
    read: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let guard = connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose();
    let guard = guard.map_err(failed("begin to read"))?;
    let found = read()?;
    guard.map_or(Ok(()), rusqlite::Transaction::commit).map_err(failed("end reading"))?;
    Ok(found)
}

fn total(connection: &Connection, query: &Query) -> Result<u64, Failure> {
    let sql = Sql::counts(query, "");
    let total =
        one(connection, &sql.text, params_from_iter(&sql.values), |row| row.get::<_, Option<i64>>(0))?;
    Ok(number(total.flatten().unwrap_or_default()))
}

fn case_of(connection: &Connection, number: i64) -> Result<KeptCase, Failure> {
    let sql = "SELECT id, state, summary, opened, changed FROM cases WHERE number = ?1";
    let kept = one(connection, sql, [number], case_columns)?;
    kept.ok_or_else(|| super::columns::damaged("cases", format!("an index names row {number}")))
}

const fn columns_of(by: Tally) -> &'static str {
    match by {
        Tally::Stage => "stage",
        Tally::Lane => "lane",
        Tally::LaneRung => "lane, rung",
        Tally::Partner => "partner",
        Tally::Desk => "desk",
        Tally::Severity => "severity",
    }
}

/// Takes the count from the first column and the key from those after it.
fn tally_row(row: &Row<'_>, by: Tally) -> rusqlite::Result<(String, u64)> {
    let key = match by {
        Tally::Severity => severity_code(row.get(1)?).to_owned(),
        Tally::LaneRung => format!("{}\t{}", row.get::<_, String>(1)?, row.get::<_, i64>(2)?),
        Tally::Stage | Tally::Lane | Tally::Partner | Tally::Desk => row.get(1)?,
    };
    Ok((key, number(row.get(0)?)))
}

/// A statement and its values.
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// The numbers of so many cases from the offset on, in order, of these desks.
    fn list(query: &Query, desks: &[String], most: i64) -> Self {
        let mut sql = Self { text: String::new(), values: Vec::new() };
        let (index, columns, order) = order_of(query.order);
        let columns = format!("c.number, {columns}");
        if let Some(picked) = sql.picked(query) {
            let filters = sql.filters(query, Filters::All);
            sql.text =
                format!("SELECT {columns} FROM {picked} CROSS JOIN cases c ON c.number = p.number{filters}");
        } else {
            let filters = sql.filters(query, Filters::WithoutDeskAndClosed);
            let closed = query.closed.map_or_else(|| vec![0, 1], |closed| vec![i64::from(closed)]);
            let mut stretches = Vec::new();
            for desk in desks {
                let desk = sql.value(desk.clone());
                stretches.extend(closed.iter().map(|closed| {
                    format!(
                        "SELECT {columns} FROM cases c INDEXED BY {index} \
                         WHERE c.desk = {desk} AND c.closed = {closed}{filters}"
                    )
                }));
            }
            sql.text = stretches.join(" UNION ALL ");
        }
        let limit = sql.value(most);
        let offset = sql.value(super::columns::integer(query.offset));
        sql.text += &format!(" ORDER BY {order} LIMIT {limit} OFFSET {offset}");
        sql
    }

    /// How many cases there are, by these columns (none: in all).
    fn counts(query: &Query, by: &str) -> Self {
        let mut sql = Self { text: String::new(), values: Vec::new() };
        let counted = query.due_until.is_none() && query.except.is_none();
        let (count, from) = match sql.picked(query) {
            Some(picked) => ("count(*)", format!("{picked} CROSS JOIN cases c ON c.number = p.number")),
            None if counted => ("sum(c.cases)", "counts c".to_owned()),
            None => ("count(*)", "cases c INDEXED BY cases_due".to_owned()),
        };
        let filters = sql.filters(query, Filters::All);
        let (also, group) = if by.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(", {}", of_case(by)), format!(" GROUP BY {}", of_case(by)))
        };
        sql.text = format!("SELECT {count}{also} FROM {from}{filters}{group}");
        sql
    }

    /// Where the query names a reference or a text: the cases that have it, as a table `p`.
    fn picked(&mut self, query: &Query) -> Option<String> {
        if let Some((kind, value)) = &query.reference {
            let (kind, value) = (self.value(kind.clone()), self.value(value.clone()));
            return Some(format!("(SELECT number FROM refs WHERE kind = {kind} AND value = {value}) p"));
        }
        let text = query.text.as_ref()?.to_lowercase();
        let desk = query.desk.as_ref().map(|desk| format!("desk = {} AND ", self.value(desk.clone())));
        let text = self.value(text);
        let desk = desk.unwrap_or_default();
        Some(format!(
            "(SELECT number FROM cases INDEXED BY cases_title WHERE {desk}instr(title, {text}) > 0) p"
        ))
    }

    /// The conditions of the query, ready to stand behind a table or behind other conditions.
    fn filters(&mut self, query: &Query, which: Filters) -> String {
        let mut filters = Vec::new();
        let desk = query.desk.as_ref().filter(|_| matches!(which, Filters::All));
        for (column, wanted) in
            [("desk", desk), ("partner", query.partner.as_ref()), ("lane", query.lane.as_ref())]
        {
            filters.extend(wanted.map(|wanted| format!("c.{column} = {}", self.value(wanted.clone()))));
        }
        if !query.stages.is_empty() {
            let stages: Vec<_> = query.stages.iter().map(|stage| self.value(stage.clone())).collect();
            filters.push(format!("c.stage IN ({})", stages.join(", ")));
        }
        let severity = query.severity_min.map(|least| severity(Some(least)));
        let closed = query.closed.filter(|_| matches!(which, Filters::All));
        for (condition, wanted) in [
            ("c.closed =", closed.map(i64::from)),
            ("c.rung >=", query.rung_min.map(i64::from)),
            ("c.severity >=", severity),
        ] {
            filters.extend(wanted.map(|wanted| format!("{condition} {}", self.value(wanted))));
        }
        if let Some(until) = query.due_until {
            filters.push(format!("c.due <= {} AND c.due < {NEVER}", self.value(moment(until))));
        }
        if let Some(except) = &query.except {
            filters.push(format!("c.id <> {}", self.value(except.as_str().to_owned())));
        }
        if let (Some(text), Some(_)) = (&query.text, &query.reference) {
            filters.push(format!("instr(c.title, {}) > 0", self.value(text.to_lowercase())));
        }
        let (first, rest) = match which {
            Filters::All => (" WHERE ", " AND "),
            Filters::WithoutDeskAndClosed => (" AND ", " AND "),
        };
        if filters.is_empty() { String::new() } else { format!("{first}{}", filters.join(rest)) }
    }

    /// Takes a value and gives the name it has in the statement.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}

/// How many cases a page has where nobody says.
const PAGE: u32 = 100;

/// Which filters a statement is to have.
#[derive(Clone, Copy)]
enum Filters {
    All,
    WithoutDeskAndClosed,
}

/// The columns as those of the table `c`.
fn of_case(columns: &str) -> String {
    columns.split(", ").map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ")
}

/// The index of an order, the columns it goes by, and the order with the columns numbered from the case's own number.
/// Cases that are otherwise equal come in the order they were opened.
const fn order_of(order: Order) -> (&'static str, &'static str, &'static str) {
    match order {
        Order::Newest => ("cases_newest", "c.changed", "2 DESC, 1"),
        Order::Oldest => ("cases_oldest", "c.opened", "2, 1"),
        Order::Due => ("cases_due", "c.due, c.severity, c.changed", "2, 3 DESC, 4 DESC, 1"),
        Order::Severity => ("cases_severity", "c.severity, c.due, c.changed", "2 DESC, 3, 4 DESC, 1"),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Severity;

    use super::*;

    const ORDERS: [Order; 4] = [Order::Newest, Order::Due, Order::Severity, Order::Oldest];

    fn plan(connection: &Connection, sql: &Sql) -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text)).expect("is SQL");
        let lines = statement.query_map(params_from_iter(&sql.values), |row| row.get::<_, String>(3));
        lines.expect("runs").map(|line| line.expect("a line")).collect::<Vec<_>>().join("\n")
    }

    fn empty() -> Connection {
        let mut connection = Connection::open_in_memory().expect("opens");
        super::super::migrate::migrate(&mut connection).expect("migrates");
        connection
    }

    /// Everything a screen may narrow a list by.
    fn narrowed() -> Vec<Query> {
        let desk = Query { desk: Some("finding".into()), ..Query::default() };
        vec![
            desk.clone(),
            Query { closed: Some(false), ..desk.clone() },
            Query { closed: Some(true), ..desk.clone() },
            Query { stages: vec!["open".into(), "at-gate".into()], ..desk.clone() },
            Query { partner: Some("TH".into()), ..desk.clone() },
            Query { lane: Some("TH-VN acdd".into()), rung_min: Some(3), ..desk.clone() },
            Query { severity_min: Some(Severity::Error), ..desk.clone() },
            Query { due_until: Some(jiff::Timestamp::UNIX_EPOCH), closed: Some(false), ..desk },
            Query { closed: Some(false), ..Query::default() },
            Query::default(),
        ]
    }

    #[test]
    fn a_list_reads_the_index_of_its_order_and_no_row() {
        let connection = empty();
        for query in narrowed() {
            for order in ORDERS {
                let query = Query { order, ..query.clone() };
                let desks = query
                    .desk
                    .clone()
                    .map_or_else(|| vec!["item".into(), "finding".into()], |desk| vec![desk]);
                let plan = plan(&connection, &Sql::list(&query, &desks, 500));
                assert!(plan.contains("SEARCH c USING COVERING INDEX"), "{query:?}\n{plan}");
                assert!(!plan.contains("SCAN c") && !plan.contains("TEMP B-TREE"), "{query:?}\n{plan}");
            }
        }
    }

    #[test]
    fn a_count_reads_no_case_unless_it_asks_for_a_moment() {
        let connection = empty();
        for query in narrowed() {
            for by in ["", "stage", "lane, rung", "partner", "severity", "desk"] {
                let plan = plan(&connection, &Sql::counts(&query, by));
                let reads = match (&query.due_until, &query.desk) {
                    (Some(_), _) => "SEARCH c USING COVERING INDEX cases_due",
                    (None, Some(_)) => "SEARCH c USING PRIMARY KEY",
                    (None, None) => "SCAN c",
                };
                assert!(plan.contains(reads), "{query:?} {by}\n{plan}");
                assert!(query.due_until.is_some() || !plan.contains("cases"), "{query:?} {by}\n{plan}");
            }
        }
    }

    #[test]
    fn a_reference_or_a_text_is_looked_up_first_and_only_its_cases_are_sorted() {
        let connection = empty();
        let reference = Some(("container".into(), "TEMU1234565".into()));
        let by_reference = Query { reference, text: Some("x".into()), ..Query::default() };
        let by_text = Query { text: Some("x".into()), desk: Some("item".into()), ..Query::default() };
        for (query, start) in [(by_reference, "USING PRIMARY KEY"), (by_text, "COVERING INDEX cases_title")] {
            for sql in [Sql::list(&query, &[], 500), Sql::counts(&query, "stage")] {
                let plan = plan(&connection, &sql);
                assert!(plan.contains(start), "{plan}");
                assert!(
                    plan.contains("SEARCH c USING INTEGER PRIMARY KEY") && !plan.contains("SCAN c"),
                    "{plan}"
                );
            }
        }
    }
}
