"""While it runs: what it prints, what it answers, who else may come."""

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.launch.newcomer import Newcomer, end, eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("launch")]


@pytest.fixture(scope="module")
def portal(newcomer) -> Iterator[Newcomer]:
    child = newcomer.run()
    yield newcomer
    end(child)


def test_it_prints_the_address_and_every_login(portal):
    assert f"The portal runs at {portal.address}" in portal.words
    printed = {word for word in portal.words.split() if word.endswith("@example.org")}
    assert printed == {f"{name}@example.org" for name in ("asha", "bilal", "meera", "arjun", "dev", "mod", "admin")}
    assert "mygov-demo" in portal.words


def test_it_is_alive_and_soon_ready(portal):
    assert portal.get("/livez") == (200, "alive")
    assert eventually(lambda: portal.get("/readyz")[0] == 200, 10)
    assert json.loads(portal.get("/readyz")[1]) == {"database": "ok", "broker": "ok", "worker": "ok"}


def test_pages_and_their_style_are_served(portal):
    status, page = portal.get("/")
    assert status == 200
    assert "/static/portal.css" in page
    assert portal.get("/static/portal.css")[0] == 200


def test_a_second_start_says_where_the_first_runs(portal):
    assert portal.says("run", "--port", "0") == (1, f"portal: the portal already runs from here: {portal.address}\n")


def test_a_management_command_uses_the_running_servers(portal):
    before = (portal.home / "postgres" / "postmaster.pid").read_text().split()[0]

    code, said = portal.says("manage", "shell", "-v0", "-c", "print(__import__('mygov.env').env.text('DATABASE_URL'))")

    assert (code, said.strip()) == (0, json.loads((portal.home / "running.json").read_text())["env"]["DATABASE_URL"])
    assert (portal.home / "postgres" / "postmaster.pid").read_text().split()[0] == before


def test_a_management_command_hands_on_its_failure(portal):
    code, said = portal.says("manage", "no_such_command")

    assert (code, "Unknown command: 'no_such_command'" in said) == (1, True)


@pytest.mark.parametrize(("server", "broken"), [("valkey/valkey", {"broker", "worker"}), ("postgres", {"database"})])
def test_readyz_says_within_three_seconds_that_a_server_hangs_and_livez_stays_calm(portal, server, broken):
    eventually(lambda: portal.get("/readyz")[0] == 200, 10)
    hung = portal.processes()[server]
    os.kill(hung, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        status, text = portal.get("/readyz")
        took = time.monotonic() - begun
        alive = portal.get("/livez")
    finally:
        os.kill(hung, signal.SIGCONT)

    assert (status, alive) == (503, (200, "alive"))
    assert {name for name, answer in json.loads(text).items() if answer != "ok"} == broken
    assert took < 3
    assert eventually(lambda: portal.get("/readyz")[0] == 200, 15)
