"""Run in Odoo's shell on a database of the bench: what the hint of possible duplicates costs among
many complaints, and by which index the database finds them. Nothing is committed.

``ARGUMENTS``: ``size``, complaints in the database.
"""

from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tools import SQL

from laporctl.inside.bench_office import complaints, fill_office, officer
from laporctl.inside.measuring import measured

size = ARGUMENTS["size"]
INDEX = "lapor_complaint__match_text_index"
WORDS = [
    "jalan",
    "berlubang",
    "lampu",
    "padam",
    "drainase",
    "sampah",
    "pasar",
    "jembatan",
    "banjir",
    "air",
    "sekolah",
    "puskesmas",
    "antre",
    "kartu",
    "keluarga",
    "trotoar",
    "pohon",
    "tumbang",
    "bau",
    "limbah",
    "parkir",
    "guru",
    "obat",
    "bantuan",
    "beras",
    "desa",
]

fill_office(env)
desk = officer(env, "admin_layanan")
case = complaints(desk, 1)
env.flush_all()
columns = [
    name
    for (name,) in env.execute_query(
        SQL(
            """SELECT column_name FROM information_schema.columns
                WHERE table_name = 'lapor_complaint' AND table_schema = 'public'
                  AND column_name NOT IN ('id', 'number', 'tracking_code', 'name', 'description',
                                          'match_text', 'received_at', 'complainant_id')"""
        )
    )
]
kept = SQL(", ").join(SQL.identifier(name) for name in columns)
# Texts of seven words of a vocabulary, spread over a year: as alike as an office's own are.
env.cr.execute(
    SQL(
        """INSERT INTO lapor_complaint (%(kept)s, number, tracking_code, name, description,
                                        match_text, received_at)
           SELECT %(kept)s, 'UKUR-' || n, 'UKUR-' || n, text, text, text,
                  received_at - (n %% 365) * interval '1 day'
             FROM lapor_complaint, generate_series(1, %(size)s) AS n,
                  LATERAL (SELECT string_agg(
                      (%(words)s::text[])[1 + (n * 7919 + k * k * 104729 + n / 31 * k)
                                          %% array_length(%(words)s::text[], 1)], ' ') || ' ' || n
                      AS text FROM generate_series(1, 7) AS k) AS made
            WHERE id = %(case)s""",
        kept=kept,
        size=size,
        words=WORDS,
        case=case.id,
    )
)
env.cr.execute(SQL("ANALYZE lapor_complaint"))
env.invalidate_all()

seen = []
execute = Cursor.execute


def listening(cursor, query, *args, **kwargs):
    if "similarity" in str(getattr(query, "code", query)):
        seen.append(query)
    return execute(cursor, query, *args, **kwargs)


with patch.object(Cursor, "execute", listening):
    case._find_similar()
plan = "\n".join(
    line for (line,) in env.execute_query(SQL("EXPLAIN (ANALYZE, BUFFERS) %s", seen[0]))
)
_value, figures = measured(env, f"possible duplicates among {size:,}", 1, case._find_similar)
report({**figures, "note": "index" if INDEX in plan else "no index"})
if INDEX not in plan:
    report({"wrong": f"the hint does not use {INDEX}:\n{plan}"})
env.cr.rollback()
