"""Compares CSV files with DuckDB: what `rollcall-bench run` times rollcall against.

    duckdb_diff.py --pair OLD NEW KEY[,KEY] RESULT [--pair …]

One bare full outer join per pair, over the columns both files have; a row of RESULT is a key whose
row was created, removed or changed, with the old and the new values. What is done for fairness:

- the column names come from the header and all are text, so nothing is sampled or guessed;
- delimiter, quote and escape are given, which leaves the parallel reader on;
- as many threads as rollcall has cores (2 unless THREADS says otherwise);
- DuckDB's other settings are its defaults; not keeping the order of rows made no difference (1 M
  rows, DuckDB 2.0.0: 1.48 to 1.53 s with, 1.39 to 1.69 s without).
"""

import csv
import os
import sys

import duckdb


def source(path, columns):
    types = ", ".join(f"{text(name)}: 'VARCHAR'" for name in columns)
    return (
        f"read_csv({text(path)}, header=true, auto_detect=false, all_varchar=true, "
        f"delim=',', quote='\"', escape='\"', columns={{{types}}})"
    )


def text(value):
    return "'" + value.replace("'", "''") + "'"


def name(value):
    return '"' + value.replace('"', '""') + '"'


def header(path):
    with open(path, newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def compare(database, old, new, keys, result):
    old_columns, new_columns = header(old), header(new)
    common = [column for column in old_columns if column in set(new_columns)]
    key = " || ',' || ".join(f"coalesce(o.{name(k)}, n.{name(k)})" for k in keys)
    on = " AND ".join(f"o.{name(k)} = n.{name(k)}" for k in keys)
    differs = " OR ".join(f"o.{name(c)} IS DISTINCT FROM n.{name(c)}" for c in common)
    values = ", ".join(
        f"o.{name(c)} AS {name('old ' + c)}, n.{name(c)} AS {name('new ' + c)}" for c in common
    )
    database.execute(
        f"""
        COPY (
          SELECT
            CASE WHEN o.{name(keys[0])} IS NULL THEN 'created'
                 WHEN n.{name(keys[0])} IS NULL THEN 'removed'
                 ELSE 'changed' END AS kind,
            {key} AS key, {values}
          FROM {source(old, old_columns)} o
          FULL OUTER JOIN {source(new, new_columns)} n ON {on}
          WHERE {differs}
        ) TO {text(result)} (FORMAT csv, HEADER)
        """
    )


def main(arguments):
    database = duckdb.connect()
    database.execute(f"SET threads = {int(os.environ.get('THREADS', '2'))}")
    for start in range(0, len(arguments), 5):
        flag, old, new, keys, result = arguments[start : start + 5]
        if flag != "--pair":
            sys.exit(__doc__)
        compare(database, old, new, keys.split(","), result)


if __name__ == "__main__":
    main(sys.argv[1:])
