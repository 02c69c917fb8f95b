"""The other side of `sampan bench rules` where the Rust peer is not built: the same engines by their Python wheels, which are the same
Rust libraries (PyPI zen-engine, common-expression-language). One core. rules_peer.py TASK.json SECONDS -> one JSON object.

The wheels pay for taking a dictionary in and a list out; at a thousand rules that is a small part, and it is said with the figure
(`overhead_per_second`: the same call on an empty table)."""

import json
import sys
import time

import cel
import zen

MASK = (1 << 64) - 1


def sum_of(row, rule):
    x = (((row << 20) | rule) + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return (x ^ (x >> 31)) >> 8


task = json.load(open(sys.argv[1], encoding="utf-8"))
seconds = float(sys.argv[2])
rules, declarations = task["rules"], task["declarations"]
contexts = [
    {"origin": d["origin"], "hs2": d["code"][:2], "hs4": d["code"][:4], "hs6": d["code"], "office": d["office"],
     "weekday": str(d["weekday"]), "value": d["value"], "mass": d["mass"]}
    for d in declarations
]
COLUMNS = ["origin", "hs2", "hs4", "hs6", "office", "weekday", "value", "mass"]


def quoted(values):
    return ",".join(f'"{v}"' for v in values)


def table(rules):
    rows = []
    for i, rule in enumerate(rules):
        row = {"_id": f"r{i}", "out": str(i)} | {c: "" for c in COLUMNS}
        row["origin"], row["office"], row["weekday"] = (quoted(rule[k]) for k in ("origin", "office", "weekday"))
        if rule["code"]:
            row[f"hs{len(rule['code'][0])}"] = quoted(rule["code"])
        for name in ("value", "mass"):
            if rule[name]:
                row[name] = f"{'>' if rule[name][0] else '<'} {rule[name][1]}"
        rows.append(row)
    return json.dumps({
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "dt", "name": "dt", "type": "decisionTableNode", "content": {
                "hitPolicy": "collect", "inputs": [{"id": c, "name": c, "field": c} for c in COLUMNS],
                "outputs": [{"id": "out", "name": "rule", "field": "rule"}], "rules": rows}},
            {"id": "end", "name": "end", "type": "outputNode"}],
        "edges": [{"id": "a", "sourceId": "in", "targetId": "dt"}, {"id": "b", "sourceId": "dt", "targetId": "end"}]})


def run_zen(rules):
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(table(rules)))
    done, hits, total, start = 0, 0, 0, time.thread_time()
    for row, context in enumerate(contexts):
        found = decision.evaluate(context)["result"] or []
        for hit in found:
            hits += 1
            total = (total + sum_of(row, int(hit["rule"]))) & MASK
        done += 1
        if time.thread_time() - start > seconds:
            break
    return {"declarations": done, "per_second": done / (time.thread_time() - start), "hits": hits, "hits_sum": total}


def run_cel():
    programs = []
    for rule in rules:
        parts = [f"{k} in [{quoted(rule[k])}]" for k in ("origin", "office", "weekday") if rule[k]]
        if rule["code"]:
            parts.append(f"hs{len(rule['code'][0])} in [{quoted(rule['code'])}]")
        parts += [f"{k} {'>' if rule[k][0] else '<'} {rule[k][1]}" for k in ("value", "mass") if rule[k]]
        programs.append(cel.compile(" && ".join(parts) or "true"))
    done, hits, total, start = 0, 0, 0, time.thread_time()
    for row, context in enumerate(contexts):
        variables = cel.Context(variables=context)
        for rule, program in enumerate(programs):
            if program.execute(variables):
                hits += 1
                total = (total + sum_of(row, rule)) & MASK
        done += 1
        if time.thread_time() - start > seconds:
            break
    return {"declarations": done, "per_second": done / (time.thread_time() - start), "hits": hits, "hits_sum": total}


result = {"zen": run_zen(rules), "cel": run_cel(), "by": "Python wheels of the same libraries"}
result["zen"]["overhead_per_second"] = run_zen([])["per_second"]
print(json.dumps(result))
