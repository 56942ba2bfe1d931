"""A portal of real processes around the test's own database: Valkey, web server, worker with beat."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from mygov.launch import children
from mygov.launch.valkey import Valkey
from tests.launch.newcomer import eventually, free_port

if TYPE_CHECKING:
    from commons.people.models import User

HERE = Path(__file__).resolve().parents[2]


class Site:
    """Starts what a test asks for; `stop` ends all of it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.valkey = Valkey(home)
        at = connection.settings_dict
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
            "DATABASE_URL": f"postgresql://{at['USER']}@/{at['NAME']}?host={quote(str(at['HOST']), safe='')}",
            "REDIS_URL": self.valkey.start(),
            "DJANGO_SETTINGS_MODULE": "mygov.settings",
            "MYGOV_DEMO": "1",
            "MYGOV_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(HERE),
        }
        self.children: list[subprocess.Popen[bytes]] = []
        self.workers: list[tuple[subprocess.Popen[bytes], dict[str, str]]] = []

    def web(
        self, application: str = "mygov.wsgi:application", *, processes: int = 1, port: int = 0, **env: str
    ) -> None:
        """A web server, on a port of its own when one is given."""
        port = port or self.port
        self.begin("web", [
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes),
            "--blocking-threads", "4", "--no-ws", "--log-level", "warning", application,
        ], **env)  # fmt: skip
        assert eventually(lambda: self.is_alive(port), 60), (self.home / "web.log").read_text()

    def worker(self, **env: str) -> subprocess.Popen[bytes]:
        """With a beat of its own: two workers are two beats."""
        name = f"worker{len(self.children)}"
        child = self.begin(name, [
            "celery", "-A", "tests.faults.worker", "worker", "--beat", "-n", name,
            "--pool", "threads", "--concurrency", "2", "--loglevel", "info", "--without-gossip", "--without-mingle",
        ], **env)  # fmt: skip
        self.workers.append((child, env))
        return child

    def supervise(self) -> None:
        """What compose's `restart` and `portal run` do: a worker that ended, as one may when its queue goes, starts again."""
        for entry in list(self.workers):
            if entry[0].poll() is not None:
                self.workers.remove(entry)
                self.worker(**entry[1])

    def begin(self, name: str, command: list[str], **env: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", *command]
        child = children.start(line, log=self.home / f"{name}.log", env={**self.env, **env})
        self.children.append(child)
        return child

    def stop(self) -> None:
        for child in self.children:
            children.stop(child, signal.SIGTERM, patience=4)
        self.valkey.stop()

    def logs(self) -> str:
        """What the processes wrote last, for a test that failed."""
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-6000:]}" for log in self.home.glob("*.log"))

    def is_alive(self, port: int = 0) -> bool:
        try:
            return self.ask("GET", "/livez", port=port)[0] == 200
        except OSError:
            return False

    def ask(
        self, method: str, path: str, *, cookie: str = "", fields: dict[str, str] | None = None, port: int = 0
    ) -> tuple[int, str, str, float]:
        """Status, text, cookies set, and the seconds it took."""
        headers = {"Host": "localhost", "Cookie": cookie}
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
        begun = time.monotonic()
        with closing(HTTPConnection("127.0.0.1", port or self.port, timeout=15)) as asked:
            asked.request(method, path, urlencode(fields) if fields is not None else None, headers)
            answer = asked.getresponse()
            text = answer.read().decode()
        return answer.status, text, answer.getheader("Set-Cookie") or "", time.monotonic() - begun


class Visitor:
    """A signed-in person with a browser's cookies and tokens."""

    def __init__(self, site: Site, person: User) -> None:
        client = Client()
        client.force_login(person)
        self.site, self.cookies = site, {"sessionid": client.cookies["sessionid"].value}
        self.slowest = 0.0

    def get(self, path: str) -> str:
        status, text, cookies, took = self.site.ask("GET", path, cookie=self.cookie)
        assert status == 200, text[:500]
        self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookies).items()}
        self.slowest = max(self.slowest, took)
        return text

    def post(self, on: str, path: str, **fields: str) -> None:
        """Sends a form that stands on the page `on`, and is sent on as after every form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(on))
        assert token
        fields["csrfmiddlewaretoken"] = token[1]
        status, text, _cookies, took = self.site.ask("POST", path, cookie=self.cookie, fields=fields)
        assert status == 302, (status, text[:2000])
        self.slowest = max(self.slowest, took)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
