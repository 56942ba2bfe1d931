"""`portal manage`: a management command against the running servers, or with servers started for its time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from mygov.launch.run import end_orphans
from mygov.launch.servers import Servers
from mygov.launch.state import Running, home_of

PATIENCE = 60  # seconds for a portal that is starting, or another command that has the servers


def main(here: Path, arguments: list[str]) -> int:
    home = home_of(here)
    running = Running(home)
    until = time.monotonic() + PATIENCE
    while not running.take():
        if env := running.read().get("env"):
            return command(here, env, arguments)
        if time.monotonic() > until:
            print("portal: another management command has not ended for a minute; try again later", file=sys.stderr)
            return 1
        time.sleep(0.1)
    end_orphans(running)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the servers are stopped, whatever ends us
    servers = Servers(home)
    try:
        return command(here, servers.start(), arguments)
    except KeyboardInterrupt:
        return 130
    except RuntimeError as error:
        print(f"portal: {error}", file=sys.stderr)
        return 1
    finally:
        servers.stop()


def command(here: Path, env: dict[str, str], arguments: list[str]) -> int:
    line = [sys.executable, str(here / "manage.py"), *arguments]
    return subprocess.run(line, env={"MYGOV_DEMO": "1", **os.environ, **env}, check=False).returncode
