"""Starts the portal as a newcomer would, by its one command, with data of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
STARTED = "Ctrl-C stops it."
PATIENCE = 300  # seconds: finds what hangs, on a busy machine too; two_starts.py is what measures
# What this test run has set for itself, and a newcomer has not.
OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MYGOV_DEMO", "MYGOV_SECRET_KEY")
AS_NOBODY = (
    "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
    # Where the only newer Python lies in root's home, an ordinary user still has to be able to read it.
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip


class Newcomer:
    """One person at one terminal: a checkout, a place for the data, a port."""

    def __init__(self, home: Path, *, here: Path = HERE, before: tuple[str, ...] = (), **env: str) -> None:
        self.home, self.here, self.before, self.port = home, here, before, free_port()
        self.env = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PYTEST")}
        self.env |= {"MYGOV_HOME": str(home), **env}
        self.address = f"http://localhost:{self.port}"
        self.output = home.parent / f"{home.name}.out"

    def portal(self, *arguments: str) -> list[str]:
        return [*self.before, sys.executable, str(self.here / "portal"), *arguments]

    def says(self, *arguments: str, patience: float = 60) -> tuple[int, str]:
        """What a command that ends by itself answers: its code, and everything it printed."""
        done = subprocess.run(
            self.portal(*arguments),
            cwd=self.here, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=patience, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`portal run`, until it says that it has started. Fails with its own words when it ends instead."""
        with self.output.open("wb") as output:
            child = subprocess.Popen(
                self.portal("run", "--port", str(self.port), *arguments),
                cwd=self.here, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while STARTED not in self.words:
            if child.poll() is not None or time.monotonic() > until:
                child.kill()
                raise AssertionError(f"it did not start: {self.words}")
            time.sleep(0.02)
        return child

    @property
    def words(self) -> str:
        return self.output.read_text()

    def processes(self) -> dict[str, int]:
        """The process of each part, by its name."""
        note = json.loads((self.home / "running.json").read_text())
        return {name: pid for name, (pid, _begun) in note["processes"].items()}

    def get(self, path: str, patience: float = 5) -> tuple[int, str]:
        """The status and text of a page; (0, why) when nothing answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException) as error:
            return 0, repr(error)
        finally:
            connection.close()

    def left_over(self) -> list[str]:
        """Every process that has anything to do with this home, by its command line."""
        mark, found = str(self.home).encode(), []
        for place in Path("/proc").iterdir():
            if not place.name.isdigit() or int(place.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                line = (place / "cmdline").read_bytes()
                facts = line + (place / "environ").read_bytes() + os.fsencode(os.readlink(place / "cwd"))
                if mark in facts and line:
                    found.append(line.replace(b"\0", b" ").decode(errors="replace"))
        return found


def end(child: subprocess.Popen[Any], how: int = signal.SIGTERM) -> int:
    """Sends the signal and answers with the code the process ended with."""
    child.send_signal(how)
    return child.wait(30)


def eventually(true, patience: float) -> bool:
    """Whether it became true within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return bool(true())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
