"""Writes the Parquet files that `crates/formats/tests/parquet.rs` reads, by two foreign writers, and the same table as CSV.

    parquet_fixtures.py FOLDER      needs PyPI pyarrow and duckdb
"""

import csv
import datetime
import decimal
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
ROWS = 300
day = lambda at: datetime.date(2026, 3, 1) + datetime.timedelta(days=at % 5)
columns = {
    "id": pa.array([f"P{at:04}" for at in range(ROWS)]),
    "day": pa.array([day(at) for at in range(ROWS)], pa.date32()),
    "office": pa.array([["VNHPH", "VNSGN", "VNDAD"][at % 3] for at in range(ROWS)]),
    "receiver": pa.array([None if at % 7 == 0 else f"Nguyễn Văn {at % 40}" for at in range(ROWS)]),
    "value": pa.array([None if at % 50 == 49 else decimal.Decimal(at * 7 - 20) / 4 for at in range(ROWS)], pa.decimal128(12, 2)),
    "grams": pa.array([at * 1_000_003 for at in range(ROWS)], pa.int64()),
    "pieces": pa.array([at % 9 for at in range(ROWS)], pa.int32()),
    "rate": pa.array([at / 8 for at in range(ROWS)], pa.float64()),
    "sold": pa.array([None if at % 11 == 0 else at % 2 == 0 for at in range(ROWS)], pa.bool_()),
    "seen": pa.array([datetime.datetime(2026, 3, 1, 8, 0, at % 60) for at in range(ROWS)], pa.timestamp("us", "UTC")),
    "nothing": pa.array([None] * ROWS, pa.string()),
}
table = pa.table(columns)
nested = table.append_column("many", pa.array([[1, 2]] * ROWS))

with open(folder / "expected.csv", "w", newline="") as out:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(columns)
    for row in table.to_pylist():
        text = {
            **row,
            "rate": f"{row['rate']:g}" if row["rate"] != int(row["rate"]) else str(int(row["rate"])),
            "sold": "" if row["sold"] is None else str(row["sold"]).lower(),
            "seen": row["seen"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        rows.writerow(["" if text[name] is None else text[name] for name in columns])

pq.write_table(table, folder / "snappy.parquet", compression="snappy", row_group_size=128)
pq.write_table(nested, folder / "gzip-v2.parquet", compression="gzip", data_page_version="2.0", use_dictionary=False, column_encoding="PLAIN", data_page_size=512)
pq.write_table(table, folder / "plain.parquet", compression="none", use_dictionary=["office"])
pq.write_table(table, folder / "zstd.parquet", compression="zstd")
duckdb.from_arrow(table).write_parquet(str(folder / "duckdb.parquet"), compression="snappy")
