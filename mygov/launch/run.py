"""`portal run`: the whole demo on one machine, until Ctrl-C."""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from mygov.launch import children
from mygov.launch.servers import Servers
from mygov.launch.state import Running, home_of

LOGINS = """
  password of them all: mygov-demo
    asha@example.org    citizen
    bilal@example.org   citizen
    meera@example.org   official, Ministry of Education: writes
    arjun@example.org   official, Ministry of Education: approves
    dev@example.org     official of another ministry: writes and approves
    mod@example.org     moderator
    admin@example.org   administrator
"""

WORKER = [
    sys.executable, "-m", "celery", "-A", "mygov.celery", "worker", "--beat",
    "--pool", "threads", "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle",
]  # fmt: skip
QUICK_END = 10.0  # seconds


class Stop(Exception):
    """Somebody asked the launcher to stop."""


def main(here: Path, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="portal run", description="Run the demo portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the port on 127.0.0.1 (8000)")
    parser.add_argument("--fresh", action="store_true", help="forget the demo's data and seed it anew")
    options = parser.parse_args(arguments)
    if options.fresh and os.environ.get("DATABASE_URL"):
        return refuse("--fresh forgets the embedded database only; empty the one of DATABASE_URL yourself")
    home = home_of(here)
    running = Running(home)
    if not running.take():
        return refuse(f"the portal already runs from here: {running.read().get('address', 'no address yet')}")
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, interrupt)
    portal = Portal(here, home, running, options.port)
    try:
        end_orphans(running)
        if not port_is_free(options.port):
            return refuse(f"port {options.port} is taken; choose another with --port")
        if options.fresh:
            forget_data(home)
        portal.start()
        print(
            f"\nThe portal runs at {portal.address}\n{LOGINS}\n  mail and SMS of the demo: {portal.address}/demo/outbox/\n"
        )
        print("Ctrl-C stops it.", flush=True)
        portal.watch()
    except Stop:
        print("\nStopping.", flush=True)
    except RuntimeError as error:
        return refuse(str(error))
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        portal.stop()
    return 0


class Portal:
    """Everything that runs: servers, then web and worker."""

    def __init__(self, here: Path, home: Path, running: Running, port: int) -> None:
        self.here, self.home, self.running, self.port = here, home, running, port
        self.address = f"http://localhost:{port}"
        self.servers = Servers(home)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.worker_again_at = -QUICK_END

    def start(self) -> None:
        print("portal: starting PostgreSQL and Valkey", flush=True)
        self.urls = urls = self.servers.start()
        self.env = {
            **os.environ, **urls, "MYGOV_DEMO": "1", "MYGOV_SITE_URL": self.address,
            "MYGOV_SECRET_KEY": secret(self.home), "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        # It needs a second to load, and no table for that: meanwhile the country is built. Nobody has its address yet.
        self.begin("web", [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "mygov.wsgi:application",
        ])  # fmt: skip
        self.take_note(urls)
        self.prepare()
        self.begin("worker", WORKER)
        self.take_note(urls)
        self.wait_until_it_answers()

    def take_note(self, urls: dict[str, str]) -> None:
        """Where it runs and what runs, for `portal manage` and for the next start."""
        started = {**self.servers.children, **self.children}
        processes = {name: [child.pid, children.started_at(child.pid)] for name, child in started.items()}
        self.running.write(env=urls, address=self.address, processes=processes)

    def prepare(self) -> None:
        """Tables and demo data. Skipped when neither the code nor the database has changed since the last time."""
        stamp = self.home / "prepared"
        state = state_of(self.here, self.env["DATABASE_URL"], self.home)
        if stamp.exists() and stamp.read_text() == state:
            return
        print("portal: preparing the database and the demo's country", flush=True)
        log = self.home / "prepare.log"
        log.unlink(missing_ok=True)
        child = children.start([sys.executable, "-m", "mygov.launch.prepare"], log=log, env=self.env)
        while child.poll() is None:
            time.sleep(0.02)
        if child.returncode != 0:
            raise RuntimeError(f"preparing failed:\n{log.read_text(errors='replace')[-2000:]}")
        stamp.write_text(state_of(self.here, self.env["DATABASE_URL"], self.home))

    def begin(self, name: str, command: list[str]) -> None:
        log = self.home / f"{name}.log"
        if name not in self.children:
            log.unlink(missing_ok=True)
        self.children[name] = children.start(command, log=log, env=self.env)

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.raise_if_one_ended()
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/livez")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.03)
        raise RuntimeError(f"the web server did not answer within a minute; see {self.home / 'web.log'}")

    def raise_if_one_ended(self) -> None:
        for name, child in {**self.servers.children, **self.children}.items():
            if child.poll() is not None:
                log = self.home / f"{name}.log"
                words = log.read_text(errors="replace")[-1500:].strip()
                how = f"by signal {-child.returncode}" if child.returncode < 0 else f"with code {child.returncode}"
                raise RuntimeError(f"{name} ended by itself {how}; the end of {log}:\n{words or '(empty)'}")

    def watch(self) -> None:
        while True:
            self.start_the_worker_again()
            self.raise_if_one_ended()
            time.sleep(0.5)

    def start_the_worker_again(self) -> None:
        """A worker may end when its queue goes away for a moment. One that ends again at once is left to be told of."""
        now = time.monotonic()
        if self.children["worker"].poll() is None or now - self.worker_again_at < QUICK_END:
            return
        print(f"portal: the worker ended, and is started again; see {self.home / 'worker.log'}", flush=True)
        self.worker_again_at = now
        self.begin("worker", WORKER)
        self.take_note(self.urls)

    def stop(self) -> None:
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            children.stop(child)
        self.servers.stop()
        self.running.forget()


def interrupt(*_: object) -> None:
    raise Stop


def refuse(words: str) -> int:
    print(f"portal: {words}", file=sys.stderr)
    return 1


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def forget_data(home: Path) -> None:
    for part in ("postgres", "valkey"):
        shutil.rmtree(home / part, ignore_errors=True)
    (home / "prepared").unlink(missing_ok=True)


def end_orphans(running: Running) -> None:
    """Ends what a killed launcher may have left, but only the very processes it had started.

    They end by themselves where the kernel tells them; a few moments are given for that. PostgreSQL is never killed
    outright: `Postgres.end_orphan` asks it to stop.
    """
    left = running.read().get("processes", {})
    until = time.monotonic() + 3
    while time.monotonic() < until and any(begun and children.started_at(pid) == begun for pid, begun in left.values()):
        time.sleep(0.05)
    for name, (pid, begun) in left.items():
        if begun and children.started_at(pid) == begun and name != "postgres":
            children.kill_group(pid)
    running.forget()


def secret(home: Path) -> str:
    """A key of this checkout's own, made once, so that sessions survive a restart."""
    place = home / "secret"
    if not place.exists():
        place.touch(mode=0o600)
        place.write_text(secrets.token_urlsafe(50))
    return place.read_text()


def state_of(here: Path, database: str, home: Path) -> str:
    """Changes whenever migrations or the demo's texts change, or another database is used."""
    files = sorted(
        [*here.glob("*/migrations/*.py"), *here.glob("*/*/migrations/*.py"), *here.glob("mygov/demo/**/*.*")]
    )
    sizes = [f"{file.relative_to(here)}:{file.stat().st_mtime_ns}" for file in files if "__pycache__" not in file.parts]
    cluster = home / "postgres" / "PG_VERSION"
    return "\n".join([database, str(cluster.stat().st_mtime_ns) if cluster.exists() else "", *sizes])
