"""Runs wrk against one address for a few seconds, and reads what it says."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from bench.house import wrk

SCRIPT = Path(__file__).with_name("drive.lua")
CONNECTIONS = 16
THREADS = 2  # of wrk


@dataclass(frozen=True)
class Run:
    requests: int
    seconds: float
    bytes: int
    p50: float  # milliseconds
    p95: float
    errors: int
    busy: float = 0  # processor seconds of the server and of PostgreSQL

    @property
    def cost(self) -> float:
        """Processor milliseconds a request: what stays comparable when others use the machine as well."""
        return self.busy * 1000 / max(self.requests, 1)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass
class Target:
    """An address and how it is asked for: `mode` and `words` go to drive.lua. Remembers how often it was asked."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    mode: str = "get"
    words: tuple[str, ...] = ()
    first: int = 0  # the number of the next request: no run repeats another's
    asked: int = 0
    most: int = 0  # asked, and those that were on their way when wrk stopped

    def drive(self, seconds: int) -> Run:
        """Raises RuntimeError when wrk fails. Errors are counted, not raised."""
        line = [
            wrk(),
            "-t",
            str(THREADS),
            "-c",
            str(CONNECTIONS),
            "-d",
            f"{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(SCRIPT),
        ]
        for name, value in self.headers.items():
            line += ["-H", f"{name}: {value}"]
        line += [f"http://127.0.0.1:{self.port}{self.path}", "--", self.mode]
        if self.words:
            line += [self.words[0], str(THREADS), str(self.first), *self.words[1:]]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"wrk failed: {done.stderr or done.stdout}")
        run = Run(**json.loads(done.stdout.strip().splitlines()[-1]))
        self.first += (run.requests + CONNECTIONS) * THREADS  # threads are never even: leave room
        self.asked += run.requests
        self.most += run.requests + CONNECTIONS
        return run

    def fetch(self, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """The answer once, to look at: status, headers (names in lower case), body."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request("GET", self.path, headers={**self.headers, **(headers or {})})
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
