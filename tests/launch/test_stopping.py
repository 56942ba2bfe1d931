"""Everything that can end a run, and that the next one starts."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from mygov.launch.postgres import socket_directory
from tests.launch.newcomer import end, eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("launch")]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(newcomer, running, how):
    assert len(newcomer.left_over()) > 4  # the launcher, PostgreSQL, Valkey, the web server, the worker

    assert end(running, how) == 0
    assert newcomer.left_over() == []
    assert sockets_of(newcomer.home) == []
    assert not (newcomer.home / "running.json").exists()
    assert port_is_free(newcomer.port)


def test_after_the_launcher_was_killed_nothing_stays_and_the_next_start_works(newcomer, running):
    end(running, signal.SIGKILL)
    assert eventually(lambda: newcomer.left_over() == [], 10)

    again = newcomer.run()
    assert newcomer.get("/")[0] == 200
    assert end(again) == 0


def test_killed_and_started_again_at_once(newcomer, running):
    """Nobody waits for the old processes to go: the new launcher does."""
    end(running, signal.SIGKILL)

    again = newcomer.run()
    assert newcomer.get("/")[0] == 200
    assert end(again) == 0
    assert newcomer.left_over() == []


def test_a_note_about_somebody_elses_process_harms_nobody(newcomer):
    """The number of a process that is gone may belong to another by now."""
    newcomer.home.mkdir(parents=True, exist_ok=True)
    note = {"processes": {"web": [os.getpid(), "not when this process began"]}, "env": {}, "address": ""}
    (newcomer.home / "running.json").write_text(json.dumps(note))

    again = newcomer.run()
    assert end(again) == 0


@pytest.mark.parametrize("name", ["web", "postgres", "valkey/valkey"])
def test_when_one_process_dies_the_launcher_says_so_and_stops_the_rest(newcomer, running, name):
    os.kill(newcomer.processes()[name], signal.SIGKILL)

    assert running.wait(20) == 1
    assert f"{name} ended by itself by signal 9" in newcomer.words
    assert newcomer.left_over() == []
    assert port_is_free(newcomer.port)


def test_a_worker_that_ends_is_started_again(newcomer, running):
    first = newcomer.processes()["worker"]
    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: newcomer.processes()["worker"] != first, 20)
    assert newcomer.get("/livez")[0] == 200
    assert "the worker ended, and is started again" in newcomer.words


def test_a_worker_that_ends_again_at_once_stops_the_rest(newcomer, running):
    first = newcomer.processes()["worker"]
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: newcomer.processes()["worker"] != first, 20)
    os.kill(newcomer.processes()["worker"], signal.SIGKILL)

    assert running.wait(20) == 1
    assert "worker ended by itself by signal 9" in newcomer.words
    assert newcomer.left_over() == []


def test_a_taken_port_is_one_clear_line(newcomer):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = newcomer.says("run", "--port", str(port))

    assert said == (1, f"portal: port {port} is taken; choose another with --port\n")
    assert newcomer.left_over() == []


def test_a_management_command_starts_the_servers_for_its_time(newcomer):
    code, said = newcomer.says(
        "manage", "shell", "-v0", "-c", "from django.db import connection as c; c.cursor(); print(7)"
    )

    assert (code, said.strip()) == (0, "7")
    assert newcomer.left_over() == []


def test_a_management_command_that_is_told_to_stop_leaves_nothing(newcomer):
    line = newcomer.portal("manage", "shell", "-v0", "-c", "import time; print('here', flush=True); time.sleep(60)")
    with subprocess.Popen(line, cwd=newcomer.here, env=newcomer.env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "here\n"

        assert end(child) == 130
    assert newcomer.left_over() == []


def sockets_of(home: Path) -> list[Path]:
    place = socket_directory(home)
    found = list(place.iterdir())
    place.rmdir()
    return found


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
