"""PostgreSQL and Valkey together: the given ones, or embedded ones."""

import os
import subprocess
from pathlib import Path

from mygov.launch.postgres import Postgres
from mygov.launch.valkey import Valkey


class Servers:
    """What DATABASE_URL and REDIS_URL do not name is started; `env` is what the portal's processes need."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(home, durable=durable)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(home, durable=durable)
        self.env: dict[str, str] = {}

    def start(self) -> dict[str, str]:
        """One after the other, in the main thread: the kernel's death signal follows the thread that started a child."""
        for name, server in {"DATABASE_URL": self.postgres, "REDIS_URL": self.valkey}.items():
            self.env[name] = server.start() if server else os.environ[name]
        return self.env

    @property
    def children(self) -> dict[str, subprocess.Popen[bytes]]:
        """What was started, by the name of its log."""
        embedded = {"postgres": self.postgres, "valkey/valkey": self.valkey}
        return {name: server.child for name, server in embedded.items() if server and server.child}

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
