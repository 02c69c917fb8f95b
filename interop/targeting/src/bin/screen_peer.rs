//! The other side of `sampan bench screen`: the same names and queries through tantivy's fuzzy terms.
//! `screen_peer LIST.txt QUERIES.tsv SECONDS` prints one JSON object. A query is `expected entry or -<TAB>name`.

use std::time::Duration;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, Query};
use tantivy::schema::{STORED, Schema, TEXT, Value as _};
use tantivy::{Index, TantivyDocument, Term, doc};

/// Time this thread has computed: a busy machine counts against neither side.
fn computed() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(said.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let list = std::fs::read_to_string(&args[1])?;
    let queries = std::fs::read_to_string(&args[2])?;
    let seconds = Duration::from_secs_f64(args.get(3).map_or(Ok(10.0), |s| s.parse())?);
    let mut schema = Schema::builder();
    let name = schema.add_text_field("name", TEXT);
    let id = schema.add_text_field("id", STORED);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 50_000_000)?;
    for line in list.lines() {
        let (entry, text) = line.split_once('\t').ok_or("no entry")?;
        writer.add_document(doc!(name => text, id => entry))?;
    }
    writer.commit()?;
    let searcher = index.reader()?.searcher();
    let start = computed();
    let (mut done, mut positives, mut found) = (0_u32, 0_u32, 0_u32);
    for line in queries.lines() {
        let Some((expected, text)) = line.split_once('\t') else { continue };
        let parts: Vec<(Occur, Box<dyn Query>)> = text.split_whitespace().map(|word| {
            let distance = if word.len() > 5 { 2 } else { 1 };
            let query: Box<dyn Query> = Box::new(FuzzyTermQuery::new(Term::from_field_text(name, word), distance, true));
            (Occur::Should, query)
        }).collect();
        let hits = searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(5).order_by_score())?;
        if expected != "-" {
            positives += 1;
            let hit = hits.iter().any(|(_, at)| {
                searcher.doc::<TantivyDocument>(*at).ok().and_then(|d| d.get_first(id).and_then(|v| v.as_str().map(|s| s == expected))).unwrap_or(false)
            });
            found += u32::from(hit);
        }
        done += 1;
        if computed() - start > seconds { break; }
    }
    let rate = f64::from(done) / (computed() - start).as_secs_f64();
    println!("{}", serde_json::json!({ "queries": done, "per_second": rate, "positives": positives, "found_in_first_five": found }));
    Ok(())
}
