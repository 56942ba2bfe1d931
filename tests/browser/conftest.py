"""A portal of its own for the browser, one Chromium for each worker, and pages that watch what must never happen."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from mygov.launch import children
from mygov.launch.tests import browser

HERE = Path(__file__).parent
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


class Site:
    """The running portal: its address, what its world is made of, who is signed in, and its worker."""

    def __init__(self, home: Path, port: int, number: int) -> None:
        self.home, self.address = home, f"http://localhost:{port}"
        self.drawn, self.world = home / "drawn", home / "world.json"
        self.drawn.touch()
        self.env = {
            **os.environ, "MYGOV_DEMO": "1", "PYTHONPATH": str(HERE.parent.parent), "TEMPLATES_DRAWN": str(self.drawn),
            "WORLD": str(self.world), "REDIS_URL": re.sub(r"/\d+$", f"/{number}", os.environ["REDIS_URL"]),
        }  # fmt: skip
        self.web = self.begin("web", ["tests.browser.serve", str(port)])
        self.worker: subprocess.Popen[bytes] | None = None
        self.wait(port)
        self.ids: dict[str, Any] = json.loads(self.world.read_text())

    def begin(self, name: str, module: list[str]) -> subprocess.Popen[bytes]:
        return children.start([sys.executable, "-m", *module], log=self.home / f"{name}.log", env=self.env)

    def wait(self, port: int) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and self.web.poll() is None:
            try:
                connection = HTTPConnection("localhost", port, timeout=2)
                connection.request("GET", "/livez")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the portal did not start: {(self.home / 'web.log').read_text()[-3000:]}")

    def work(self) -> None:
        """Starts what sends notifications and folds votes, once."""
        if self.worker is None:
            env = json.loads(self.world.with_suffix(".env").read_text())
            self.env |= env
            self.worker = self.begin("worker", [
                "celery", "-A", "mygov.celery", "worker", "--beat", "--schedule", str(self.home / "beat"), "--pool", "threads",
                "--concurrency", "2", "--loglevel", "warning", "--without-gossip", "--without-mingle",
            ])  # fmt: skip

    def path(self, path: str, language: str = "en") -> str:
        """The address of a path like `/comments/{first}/` in a language."""
        return self.address + ("/hi" if language == "hi" else "") + path.format(**self.ids)

    def stop(self) -> None:
        for child in (self.worker, self.web):
            if child is not None:
                children.stop(child)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    number = int(worker_id.removeprefix("gw")) % 14 + 1 if worker_id.startswith("gw") else 15
    site = Site(tmp_path_factory.mktemp("site"), port, number)
    yield site
    site.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=arguments)
        yield opened
        opened.close()


class Watched:
    """What a context saw that must never happen: errors, refusals of the content policy, dialogs, other sites."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.wrong: list[str] = []
        context.on("console", self.console)
        context.on("weberror", lambda error: self.wrong.append(f"script error: {error.error}"))
        context.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", self.request)

    def console(self, message: Any) -> None:
        # A page that answers 404, 422 … is logged as an error by the browser itself; its status is asserted elsewhere.
        if message.type == "error" and not re.search(
            r"status of 4\d\d|/wrong/|ERR_INTERNET_DISCONNECTED|^htmx:", text := message.text + message.location["url"]
        ):
            self.wrong.append(f"console: {text}")

    def request(self, request: Any) -> None:
        if not request.url.startswith((self.address + "/", "data:")):
            self.wrong.append(f"third party: {request.url}")


Opens = Callable[..., Page]


@pytest.fixture
def opens(site: Site, chromium: Browser) -> Iterator[Opens]:
    """`opens("/groups/", who="asha", width=320)`: a page in a context of its own. What it did is checked at the end."""
    contexts: list[tuple[BrowserContext, Watched]] = []

    def open_page(
        path: str = "", *, who: str = "", width: int = 1280, height: int = 800, language: str = "en", **more: Any
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, storage_state=signed_in(site, who), base_url=site.address,
            service_workers=more.pop("service_workers", "block"), **more,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        contexts.append((context, Watched(context, site.address)))
        page = context.new_page()
        if path:
            page.goto(site.path(path, language))
        return page

    yield open_page
    wrong = []
    for context, watched in contexts:
        context.close()
        wrong += watched.wrong
    assert wrong == []


def signed_in(site: Site, who: str) -> Any:
    """The storage of a browser in which this person has signed in; empty for nobody."""
    if not who:
        return None
    cookie = {"name": "sessionid", "value": site.ids["sessions"][who], "domain": "localhost", "path": "/", "expires": -1,
              "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip
    return {"cookies": [cookie], "origins": []}


__all__ = ["Opens", "Site", "Watched"]
