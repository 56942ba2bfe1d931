"""A pytest plugin that starts embedded PostgreSQL and Valkey before any setting is read.

It is loaded with `-p`, because a conftest comes too late: pytest-django has read the settings by then.
With xdist only the first process starts servers; the workers inherit their addresses.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PYTEST_XDIST_WORKER" not in os.environ and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    from mygov.launch.servers import Servers

    MEMORY = "/dev/shm"  # noqa: S108 - mkdtemp makes a private directory in it
    home = Path(tempfile.mkdtemp(prefix="mygov-test-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    servers = Servers(home, durable=False)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(servers.stop)
    os.environ.update(servers.start())
