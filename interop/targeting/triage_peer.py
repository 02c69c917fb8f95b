"""DuckDB (PyPI) doing the same plain filters in SQL over the same file, two threads, result to CSV.
triage_peer.py NIGHT.csv OUT.csv -> one JSON object. It has no rates of duty, no spellings, no record: only the filters."""

import json
import sys
import time

import duckdb

start = time.perf_counter()
connection = duckdb.connect()
connection.execute("set threads to 2; set memory_limit='2GB'")
connection.execute(f"""copy (
  select id, day, office, value * 3.5 as value_thousand_dong,
    case when contents = 'documents' and value = 0 then 1 when value * 3500 <= 1000000 then 3 else 4 end as category,
    value * 3500 * 0.08 as tax,
    (regexp_matches(lower(description), '^(gift|gifts|parts|clothes|goods|accessories|sample|item)$')) as vague,
    (value <= 1) as absurd, (receiver = '' or address = '') as receiver_missing,
    (abs(ordered - value) > greatest(value / 10, 1)) as order_differs, (abs(paid - value) > greatest(value / 10, 1)) as paid_differs,
    sum(value) over (partition by phone, payment) * 3500 > 1000000 and count(*) over (partition by phone, payment) > 1 as split
  from read_csv('{sys.argv[1]}', header = true, all_varchar = false)
) to '{sys.argv[2]}' (header)""")
lines = connection.execute(f"select count(*) from read_csv('{sys.argv[2]}')").fetchone()[0]
print(json.dumps({"lines": lines, "seconds": time.perf_counter() - start}))
