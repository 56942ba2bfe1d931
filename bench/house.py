"""What is measured: embedded servers, a database made from a seeded one, the portal in production mode, the limits."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from bench import processes
from mygov.launch import children
from mygov.launch.postgres import Postgres
from mygov.launch.run import secret
from mygov.launch.valkey import Valkey, free_port

HERE = Path(__file__).resolve().parents[1]
WORKERS = 2  # processes of the web server, for the portal and for the limits alike
THREADS = 4  # in each
SEEDED, USED = "seeded", "bench"  # databases: what was loaded once, and the copy this run may change


class House:
    """Starts and ends everything. `portal` and `limits` are ports on 127.0.0.1."""

    def __init__(self, home: Path, million: int) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.home, self.million = home, million
        self.postgres, self.valkey = Postgres(home), Valkey(home, durable=False)
        self.portal, self.limits = free_port(), free_port()
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Raises RuntimeError with the last words of whatever did not start."""
        self.address = self.postgres.start()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MYGOV_")},
            "REDIS_URL": self.valkey.start(), "MYGOV_SECRET_KEY": secret(self.home), "MYGOV_HOSTS": "127.0.0.1",
            "MYGOV_SITE_URL": "https://127.0.0.1", "MYGOV_BEHIND_PROXY": "1", "MYGOV_LOG_LEVEL": "WARNING",
            "MYGOV_STATIC_ROOT": str(self.home / "static"), "PYTHONPATH": str(HERE), "BENCH_BYTES": str(self.home / "bytes"),
        }  # fmt: skip
        self.seed()
        self.ask(f"DROP DATABASE IF EXISTS {USED} WITH (FORCE)")
        self.ask(f"CREATE DATABASE {USED} TEMPLATE {SEEDED} STRATEGY file_copy")
        self.run("collectstatic", sys.executable, HERE / "manage.py", "collectstatic", "--noinput", "-v0")
        self.web("portal", self.portal, "mygov.wsgi:application")
        self.web("limits", self.limits, "bench.limits:application")
        self.children["worker"] = self.child("worker", [
            sys.executable, "-m", "celery", "-A", "mygov.celery", "worker", "--beat", "--schedule", self.home / "beat",
            "--pool", "threads", "--concurrency", "1", "--loglevel", "warning", "--without-gossip", "--without-mingle",
        ])  # fmt: skip
        self.wait_for(self.portal, "/livez")
        self.wait_for(self.limits, "/livez")

    def stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            children.stop(child)
        self.valkey.stop()
        self.postgres.stop()

    def url(self, database: str) -> str:
        return self.address.replace("@/mygov?", f"@/{database}?")

    def seed(self) -> None:
        """Loads the seeded database, unless the same code and the same sizes loaded it before."""
        stamp = self.home / "seeded"
        bench = HERE / "bench"
        code = [
            *HERE.glob("*/migrations/*.py"),
            *HERE.glob("*/*/migrations/*.py"),
            *bench.glob("seed*.py"),
            bench / "words.py",
        ]
        state = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(code)))
        state.update(f"{self.million} {secret(self.home)}".encode())
        days = (time.time() - stamp.stat().st_mtime) / 86_400 if stamp.exists() else 99
        if days < 7 and stamp.read_text() == state.hexdigest():  # what is open in it closes after weeks
            return
        stamp.unlink(missing_ok=True)
        print(f"bench: loading 20,500 and {self.million:,} comments, 1,001,000 ballots (kept for a week)", flush=True)
        self.ask(f"DROP DATABASE IF EXISTS {USED} WITH (FORCE)")
        self.ask(f"DROP DATABASE IF EXISTS {SEEDED} WITH (FORCE)")
        self.ask(f"CREATE DATABASE {SEEDED}")
        self.run("migrate", sys.executable, HERE / "manage.py", "migrate", "-v0", database=SEEDED)
        self.run("seed", sys.executable, "-m", "bench.seed", str(self.million), database=SEEDED)
        stamp.write_text(state.hexdigest())

    def ask(self, sql: str, values: tuple[object, ...] = (), *, database: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def count(self, sql: str, *values: object) -> int:
        """The one number a query answers with, from the database of this run."""
        return int(self.ask(sql, values, database=USED)[0][0])  # type: ignore[call-overload]

    def web(self, name: str, port: int, application: str) -> None:
        self.children[name] = self.child(name, [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning",
            application,
        ])  # fmt: skip

    def child(self, name: str, line: list[str | Path], database: str = USED) -> subprocess.Popen[bytes]:
        log = self.home / f"{name}.log"
        log.unlink(missing_ok=True)
        return children.start(
            line, log=log, env={**self.env, "DATABASE_URL": self.url(database)}, death_signal=signal.SIGTERM
        )

    def run(self, name: str, *line: str | Path, database: str = USED) -> None:
        child = self.child(name, list(line), database)
        if child.wait() != 0:
            raise RuntimeError(f"{name} failed:\n{(self.home / f'{name}.log').read_text(errors='replace')[-2000:]}")

    def wait_for(self, port: int, path: str) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for name, child in self.children.items():
                if child.poll() is not None:
                    words = (self.home / f"{name}.log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{name} ended by itself:\n{words}")
            try:
                asked = HTTPConnection("127.0.0.1", port, timeout=5)
                asked.request("GET", path)
                if asked.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"nothing answers on port {port}; see the logs in {self.home}")

    def memory(self) -> int:
        """The largest resident memory of the portal's web workers, in MB."""
        return processes.memory(self.children["portal"].pid)

    def busy(self, port: int) -> float:
        """Processor seconds used so far by the server on that port and by PostgreSQL."""
        server = self.children["portal" if port == self.portal else "limits"]
        return processes.seconds(server.pid) + processes.seconds(self.postgres.child.pid)  # type: ignore[union-attr]


def wrk() -> str:
    """Where wrk is; raises RuntimeError that says how to get it."""
    found = shutil.which("wrk")
    if found is None:
        raise RuntimeError("wrk is not installed: `apt install wrk` (Debian, Ubuntu) or `brew install wrk` (macOS)")
    return found
