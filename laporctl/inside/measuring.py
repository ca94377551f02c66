"""For the benches in Odoo's shell: what an act costs in queries and seconds."""

import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from odoo.sql_db import Cursor


def measured(env: Any, act: str, count: int, work: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    """Run ``work`` with what is pending written before and after it, and nothing in the cache.

    :returns: (its value, the figures for ``report``)
    """
    env.flush_all()
    env.invalidate_all()
    queries = 0
    execute = Cursor.execute

    def counted(cursor, *args, **kwargs):
        nonlocal queries
        queries += 1
        return execute(cursor, *args, **kwargs)

    started = time.perf_counter()
    with patch.object(Cursor, "execute", counted):
        value = work()
        env.flush_all()
    seconds = round(time.perf_counter() - started, 3)
    return value, {"act": act, "count": count, "queries": queries, "seconds": seconds}
