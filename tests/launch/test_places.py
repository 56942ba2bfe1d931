"""Where and as whom it runs: an ordinary user, a long path, servers of one's own, a machine without a newer Python."""

import ast
import importlib.machinery
import os
import shutil
import subprocess
import tempfile
import types
from contextlib import ExitStack
from pathlib import Path

import pytest

from mygov.launch.postgres import Postgres
from mygov.launch.valkey import Valkey
from tests.launch.newcomer import AS_NOBODY, HERE, Newcomer, end

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("launch")]


@pytest.fixture
def open_place():
    """A folder that other users may enter, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="mygov-place-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def test_an_ordinary_user_in_a_long_path_with_spaces(open_place):
    """A socket's path may have 107 bytes; this folder alone has more."""
    folder = (
        open_place / ("माई गव " * 3) / ("a folder with a name as long as people give to their folders " * 2).strip()
    )
    copy_checkout(folder)
    newcomer = Newcomer(folder / ".data", here=folder, before=AS_NOBODY if os.geteuid() == 0 else ())
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody:nogroup", open_place], check=True)

    child = newcomer.run()

    try:
        assert newcomer.get("/")[0] == 200
        assert (folder / ".data" / "postgres" / "PG_VERSION").owner() != "root"
    finally:
        code = end(child)
    assert code == 0
    assert newcomer.left_over() == []


def test_servers_of_ones_own_replace_the_embedded_ones(tmp_path):
    (tmp_path / "theirs").mkdir()
    with ExitStack() as stopping:
        postgres = Postgres(tmp_path / "theirs", durable=False)
        stopping.callback(postgres.stop)
        valkey = Valkey(tmp_path / "theirs", durable=False)
        stopping.callback(valkey.stop)
        newcomer = Newcomer(tmp_path / "ours", DATABASE_URL=postgres.start(), REDIS_URL=valkey.start())
        stopping.callback(end, newcomer.run())

        assert newcomer.get("/")[0] == 200
        assert not {"postgres", "valkey"} & {place.name for place in newcomer.home.iterdir()}
        code, said = newcomer.says("run", "--fresh")
        assert (code, "--fresh forgets the embedded database only" in said) == (1, True)


def test_the_script_parses_on_python_3_8():
    ast.parse((HERE / "portal").read_text(), feature_version=(3, 8))


@pytest.fixture
def script():
    loader = importlib.machinery.SourceFileLoader("portal_script", str(HERE / "portal"))
    module = types.ModuleType("portal_script")
    module.__file__ = str(HERE / "portal")
    loader.exec_module(module)
    return module


def test_an_old_python_looks_for_a_newer_one(script, monkeypatch, tmp_path):
    old, new = fake_python(tmp_path / "old", "3 8"), fake_python(tmp_path / "versions/3.12.1/bin/python3", "3 12")
    monkeypatch.setattr(script.sys, "executable", old)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    assert script.newer_python() == new


def test_without_a_newer_python_it_says_so_in_one_line(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script.sys, "executable", fake_python(tmp_path / "old", "3 11"))
    monkeypatch.setattr(script.glob, "glob", lambda pattern: [])
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    with pytest.raises(SystemExit, match=r"needs Python 3\.12 or newer"):
        script.newer_python()


def test_a_half_made_environment_is_not_taken_for_a_whole_one(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script, "VENV", str(tmp_path))
    monkeypatch.setattr(script, "STAMP", str(tmp_path / "installed-from"))
    monkeypatch.setattr(script, "PYTHON", str(tmp_path / "bin/python"))
    fake_python(tmp_path / "bin/python", "3 13")
    assert not script.installed()

    (tmp_path / "installed-from").write_text(script.mark())
    assert script.installed()

    (tmp_path / "installed-from").write_text("another lock")
    assert not script.installed()


def fake_python(place: Path, version: str) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\necho {version}\n")
    place.chmod(0o755)
    return str(place)


def copy_checkout(folder: Path) -> None:
    """The files of this checkout, with its packages."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=HERE, capture_output=True, check=True).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (HERE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, folder / name)
    shutil.copytree(HERE / ".venv", folder / ".venv", symlinks=True)
