"""The peer: Splink with DuckDB on the same two files, set up as its documentation advises for linking two tables:
cleaned columns, several blocking rules, comparisons with graded levels and term frequencies, u by random sampling, m by
expectation and maximisation under two rules, prediction, and the best export for each import.

Usage: splink.py EXPORTS IMPORTS OUT
"""
import sys
import time

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

begin = time.time()
exports, imports, out = sys.argv[1:4]
connection = duckdb.connect()

FACTORS = """CASE unit WHEN 'TNE' THEN 1000 WHEN 'GRM' THEN 0.001 WHEN 'DZN' THEN 12 WHEN 'MIL' THEN 1000 WHEN 'HLT' THEN 100
  WHEN 'PR' THEN 2 WHEN 'NPR' THEN 2 WHEN 'KMT' THEN 1000 WHEN 'MTQ' THEN 1000 ELSE 1 END"""
CLEAN = "regexp_replace(strip_accents(lower({})), '[^\\w\\s]', ' ', 'g')"


def table(name, path, number, exporter, consignee, address, day, place):
    connection.execute(f"""CREATE TABLE {name} AS SELECT
        {number} || '#' || item_no AS unique_id, {number} AS declaration, item_no AS item,
        nullif({CLEAN.format(exporter)}, '') AS exporter, nullif({CLEAN.format(consignee)}, '') AS consignee,
        nullif({CLEAN.format(address)}, '') AS address, {day}::DATE AS day, left(hs_code, 6) AS hs6, left(hs_code, 4) AS hs4,
        round(quantity::DOUBLE * {FACTORS}, 3) AS amount, round(log2(greatest(quantity::DOUBLE * {FACTORS}, 0.001)) * 4) AS size,
        nullif(origin, '') AS origin, mode, {place} AS place, regexp_extract({address}, '^\\d+') AS house
        FROM read_csv('{path}', all_varchar=true, header=true)""")


table("their_lines", exports, "declaration_no", "exporter_name", "consignee_name", "consignee_address", "departure_date",
      "port_of_discharge")
table("our_lines", imports, "declaration_no", "supplier_name", "importer_name", "importer_address", "arrival_date", "port")

amount = cl.CustomComparison(
    output_column_name="amount",
    comparison_levels=[
        cll.NullLevel("amount"),
        cll.ExactMatchLevel("amount", term_frequency_adjustments=True),
        cll.CustomLevel("abs(amount_l - amount_r) <= 0.006 * greatest(amount_l, amount_r)", "within scales"),
        cll.CustomLevel("abs(amount_l - amount_r) <= 0.05 * greatest(amount_l, amount_r)", "near"),
        cll.CustomLevel("least(amount_l, amount_r) >= 0.2 * greatest(amount_l, amount_r)", "a part"),
        cll.ElseLevel(),
    ],
)
lag = cl.CustomComparison(
    output_column_name="day",
    comparison_levels=[
        cll.NullLevel("day"),
        cll.CustomLevel("abs(date_diff('day', day_l, day_r)) <= 3", "3 days"),
        cll.CustomLevel("abs(date_diff('day', day_l, day_r)) <= 10", "10 days"),
        cll.CustomLevel("abs(date_diff('day', day_l, day_r)) <= 21", "21 days"),
        cll.ElseLevel(),
    ],
)
goods = cl.CustomComparison(
    output_column_name="hs6",
    comparison_levels=[
        cll.NullLevel("hs6"),
        cll.ExactMatchLevel("hs6", term_frequency_adjustments=True),
        cll.CustomLevel("hs4_l = hs4_r", "heading"),
        cll.ElseLevel(),
    ],
)
settings = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="unique_id",
    blocking_rules_to_generate_predictions=[
        block_on("hs6", "amount"),
        block_on("hs4", "house"),
        block_on("hs4", "substr(consignee, 1, 4)"),
        block_on("hs4", "size", "place"),
        block_on("house", "size"),
    ],
    comparisons=[
        cl.JaroWinklerAtThresholds("exporter", [0.92, 0.8, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("consignee", [0.92, 0.8, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address", [0.92, 0.8]),
        goods,
        amount,
        lag,
        cl.ExactMatch("origin"),
        cl.ExactMatch("mode"),
        cl.ExactMatch("place"),
    ],
    retain_intermediate_calculation_columns=False,
)
api = DuckDBAPI(connection=connection)
linker = Linker([api.register(connection.table("their_lines"), dataset_display_name="exports"), api.register(connection.table("our_lines"), dataset_display_name="imports")], settings)
linker.training.estimate_probability_two_random_records_match([block_on("hs6", "amount", "house")], recall=0.6)
linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("hs6", "amount"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("house", "hs4"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("house", "size"))
predicted = linker.inference.predict(threshold_match_probability=0.05)
connection.execute(f"""COPY (
    SELECT e.declaration AS export_declaration_no, e.item AS export_item_no, i.declaration AS import_declaration_no,
        i.item AS import_item_no, p.match_probability AS probability
    FROM (SELECT * FROM {predicted.physical_name}
          QUALIFY row_number() OVER (PARTITION BY unique_id_r ORDER BY match_weight DESC) = 1) p
    JOIN their_lines e ON e.unique_id = p.unique_id_l JOIN our_lines i ON i.unique_id = p.unique_id_r
) TO '{out}' (HEADER)""")
print(f"{time.time() - begin:.2f}")
