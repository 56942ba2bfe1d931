"""The processes of docker-compose.yml, started as it starts them: they work, and refuse what is not safe."""

import json
import os
import re
import secrets
import subprocess
import sys

import pytest

from tests.faults.site import HERE, Site
from tests.launch.newcomer import eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("launch")]
CELERY = ["celery", "-A", "mygov.celery"]
BEGIN = {
    "web": ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--no-ws", "mygov.wsgi:application"],
    "worker": [*CELERY, "worker", "--concurrency", "2", "--loglevel", "info", "--without-gossip", "--without-mingle"],
    "beat": [*CELERY, "beat", "--loglevel", "info", "--pidfile="],
}
UNSAFE = (
    "MYGOV_DEBUG is on.",
    "MYGOV_SECRET_KEY is the demo's or too short.",
    "MYGOV_HOSTS must name the portal's hosts.",
)


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The static files, as in the image: named by their content, and compressed."""
    place = tmp_path_factory.mktemp("static")
    needed = {"DATABASE_URL": "postgresql:///none", "REDIS_URL": "redis://none", "MYGOV_SECRET_KEY": "collecting"}
    env = {**os.environ, **needed, "MYGOV_DEMO": "", "DJANGO_SETTINGS_MODULE": "mygov.settings"}
    line = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(line, cwd=HERE, env={**env, "MYGOV_STATIC_ROOT": str(place)}, check=True)
    return place


@pytest.fixture
def production(transactional_db, tmp_path, collected):
    """An empty database, Valkey, and an environment set up well."""
    place = Site(tmp_path)
    place.env |= {
        "MYGOV_DEMO": "", "MYGOV_SECRET_KEY": secrets.token_urlsafe(50), "MYGOV_HOSTS": "localhost",
        "MYGOV_SITE_URL": "http://localhost:8000", "MYGOV_STATIC_ROOT": str(collected),
    }  # fmt: skip
    yield place
    place.stop()


def refusal(site: Site, part: str, **env: str) -> tuple[bool, str]:
    """Whether the process ended by itself with an error, and what it said."""
    line = [sys.executable, "-m", *BEGIN[part]]
    if part == "web":
        line += ["--port", str(site.port)]
    done = subprocess.run(
        line, cwd=HERE, env={**site.env, **env}, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode != 0, done.stdout + done.stderr


def test_web_worker_and_beat_work_as_the_composition_starts_them(production, collected):
    production.begin("web", [*BEGIN["web"], "--port", str(production.port)])
    production.begin("worker", BEGIN["worker"])
    production.begin("beat", BEGIN["beat"])

    assert eventually(lambda: production.is_alive() and production.ask("GET", "/readyz")[0] == 200, 40)
    assert json.loads(production.ask("GET", "/readyz")[1]) == {"database": "ok", "broker": "ok", "worker": "ok"}
    page = production.ask("GET", "/")[1]
    [style] = re.findall(r'href="(/static/portal\.[0-9a-f]{12}\.css)"', page)  # named by its content
    assert production.ask("GET", style)[0] == 200
    assert (collected / f"{style.removeprefix('/static/')}.br").exists()
    assert production.ask("GET", "/demo/outbox/")[0] == 404
    heard = [sys.executable, "-m", "mygov.health", "worker"]
    assert subprocess.run(heard, cwd=HERE, env=production.env, check=False).returncode == 0


@pytest.mark.parametrize("part", BEGIN)
def test_no_part_starts_with_unsafe_settings(production, part):
    refused, said = refusal(production, part, MYGOV_SECRET_KEY="short", MYGOV_DEBUG="1", MYGOV_HOSTS="*")

    assert (refused, [words for words in UNSAFE if words not in said]) == (True, []), said


@pytest.mark.parametrize("part", BEGIN)
def test_no_part_starts_on_a_database_with_the_demos_accounts(production, part, asha):
    refused, said = refusal(production, part)

    assert (refused, "The demo's accounts are in this database" in said) == (True, True), said


@pytest.mark.parametrize("name", ["MYGOV_SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_what_is_missing_is_named(production, name):
    refused, said = refusal(production, "beat", **{name: ""})

    assert (refused, f"set {name}: see .env.example" in said) == (True, True), said


def test_the_repository_and_its_secrets_are_not_served(production):
    production.begin("web", [*BEGIN["web"], "--port", str(production.port)])
    assert eventually(production.is_alive, 30)

    for path in (
        "/.git/HEAD",
        "/.env",
        "/static/.env",
        "/static/../mygov/settings.py",
        "/media/",
        "/requirements.lock",
    ):
        assert production.ask("GET", path)[0] == 404, path
    assert os.path.exists(HERE / "requirements.lock")
