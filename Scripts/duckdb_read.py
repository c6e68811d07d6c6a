"""Reads SCIM users, one a line, with DuckDB's read_json: what `rollcall-bench run --scenario read-json` times
`rollcall-bench read` against.

    duckdb_read.py FILE

Only the columns that are asked for are declared, so that nothing is sampled and nothing else is extracted; the
sum of their lengths makes sure that each value is there. As many threads as rollcall has cores (2 unless THREADS
says otherwise).
"""

import os
import sys

import duckdb

TYPES = {
    "id": "VARCHAR",
    "userName": "VARCHAR",
    "displayName": "VARCHAR",
    "title": "VARCHAR",
    "active": "BOOLEAN",
    "name": "STRUCT(familyName VARCHAR, givenName VARCHAR)",
    "emails": "STRUCT(value VARCHAR)[]",
}

VALUES = [
    "id", "userName", "displayName", "title", "active::VARCHAR", "name.familyName", "name.givenName",
    "emails[1].value",
]


def main(path):
    database = duckdb.connect()
    database.execute(f"SET threads = {int(os.environ.get('THREADS', '2'))}")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    length = " + ".join(f"octet_length(encode({value}))" for value in VALUES)
    place = path.replace("'", "''")
    records, size = database.execute(
        f"SELECT count(*), sum({length}) FROM read_json('{place}', format='newline_delimited', "
        f"columns={{{columns}}})"
    ).fetchone()
    print(f"records {records} bytes {size} set aside 0")


if __name__ == "__main__":
    main(sys.argv[1])
