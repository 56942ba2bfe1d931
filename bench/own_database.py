"""For a bench that needs no web server: Django on a PostgreSQL of its own, which ends with it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from mygov.launch.postgres import Postgres


def with_own_database(measure: Callable[[], int]) -> int:
    """What `measure` answers with. It sets Django up itself, so nothing of Django may be imported before."""
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        postgres = Postgres(Path(home), durable=False)
        os.environ |= {
            "DATABASE_URL": postgres.start(), "REDIS_URL": "redis://127.0.0.1:1/0", "MYGOV_DEMO": "1",
            "MYGOV_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "mygov.settings",
        }  # fmt: skip
        try:
            return measure()
        finally:
            postgres.stop()
