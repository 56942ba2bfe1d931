"""`portal manage`: a management command against the running servers, or with servers started for its time."""

import os
import subprocess
import sys
from pathlib import Path

from mygov.launch.servers import Servers
from mygov.launch.state import Running


def main(here: Path, arguments: list[str]) -> int:
    home = here / ".data"
    running = Running(home)
    if not running.take():
        return command(here, running.read().get("env", {}), arguments)
    servers = Servers(home)
    try:
        return command(here, servers.start(), arguments)
    finally:
        servers.stop()


def command(here: Path, env: dict[str, str], arguments: list[str]) -> int:
    line = [sys.executable, str(here / "manage.py"), *arguments]
    return subprocess.run(line, env={"MYGOV_DEMO": "1", **os.environ, **env}, check=False).returncode
