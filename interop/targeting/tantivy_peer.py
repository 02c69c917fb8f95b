"""tantivy (PyPI, the same Rust library) over every listed name with fuzzy terms, one core; where `screen_peer` is not built.
tantivy_peer.py LIST.tsv QUERIES.tsv SECONDS -> one JSON object."""

import json
import sys
import time

import tantivy

rows = [line.rstrip("\n").split("\t", 1) for line in open(sys.argv[1], encoding="utf-8")]
queries = [line.rstrip("\n").split("\t", 1) for line in open(sys.argv[2], encoding="utf-8")]
seconds = float(sys.argv[3])
builder = tantivy.SchemaBuilder()
builder.add_text_field("name")
builder.add_text_field("id", stored=True, tokenizer_name="raw")
schema = builder.build()
index = tantivy.Index(schema)
writer = index.writer(num_threads=1)
for entry, text in rows:
    writer.add_document(tantivy.Document(name=text, id=entry))
writer.commit()
writer.wait_merging_threads()
index.reload()
searcher = index.searcher()
start, done, positives, found = time.thread_time(), 0, 0, 0
for expected, text in queries:
    parts = [
        (tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(schema, "name", word, distance=2 if len(word) > 5 else 1))
        for word in text.split()
    ]
    hits = searcher.search(tantivy.Query.boolean_query(parts), 5).hits if parts else []
    if expected != "-":
        positives += 1
        found += any(searcher.doc(at)["id"][0] == expected for _, at in hits)
    done += 1
    if time.thread_time() - start > seconds:
        break
print(json.dumps({"queries": done, "per_second": done / (time.thread_time() - start), "positives": positives,
                  "found_in_first_five": found, "by": "Python wheel of the same library"}))
