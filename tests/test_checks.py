"""Production refuses to start with what belongs to the demo."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from mygov import checks
from mygov.demo import people

SAFE = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": "a key of this portal's own, which is long enough to be kept",
    "ALLOWED_HOSTS": ["mygov.example"],
}


@pytest.fixture
def production(settings):
    """Settings as production has them; the test changes one."""
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def ids(found) -> set[str]:
    return {error.id for error in found}


@pytest.mark.django_db
def test_safe_settings_start(production):
    assert checks.unsafe_settings() == []
    assert checks.demo_accounts() == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize("origin", ["files.example", "https://mygov.example", "https://mygov.example:8443", "https://files.example/x", "ftp://files.example", "https://"])  # fmt: skip
def test_the_files_need_another_host(production, origin):
    production.SITE_URL, production.ATTACHMENTS_ORIGIN = "https://mygov.example", origin

    assert ids(checks.unsafe_settings()) - {"portal.E003"} == {"portal.E005"}


def test_the_files_host_is_no_host_of_the_portal(production):
    production.ATTACHMENTS_ORIGIN, production.ALLOWED_HOSTS = "https://files.example", ["files.example"]

    assert ids(checks.unsafe_settings()) == {"portal.E003"}


@pytest.mark.parametrize(("name", "value", "left"), [
    ("ATTACHMENTS_ORIGIN", "https://files.example", {"portal.W002"}), ("SCANNER", "clamav:3310", {"portal.W001"}), ("DEMO", True, set()),
])  # fmt: skip
def test_whoever_deploys_hears_what_the_files_lack(production, name, value, left):
    assert {"portal.W001", "portal.W002"} <= ids(run_checks(tags=["security"], include_deployment_checks=True))
    setattr(production, name, value)

    assert ids(checks.attachments()) == left


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", True, "portal.E001"),
        ("SECRET_KEY", project.DEMO_SECRET, "portal.E002"),
        ("SECRET_KEY", "short", "portal.E002"),
        ("ALLOWED_HOSTS", ["*"], "portal.E003"),
        ("ALLOWED_HOSTS", ["mygov.example", "*"], "portal.E003"),
        ("ALLOWED_HOSTS", [], "portal.E003"),
    ],
)
def test_each_unsafe_setting_is_refused(production, name, value, expected):
    setattr(production, name, value)

    assert ids(checks.unsafe_settings()) == {expected}
    assert expected in ids(run_checks(tags=["security"], include_deployment_checks=True))
    with pytest.raises(ImproperlyConfigured, match="refusing to start"):
        checks.refuse_unsafe_start()


def test_the_demo_may_have_them_all(settings):
    settings.DEMO, settings.DEBUG, settings.SECRET_KEY, settings.ALLOWED_HOSTS = True, True, "short", ["*"]

    assert checks.unsafe_settings() == []


def test_the_list_of_the_cast_is_complete():
    assert set(checks.CAST) == {f"{name}@example.org" for name in people.CAST}


@pytest.mark.parametrize("name", ["asha", "bilal", "meera", "arjun", "dev", "mod", "admin"])
def test_each_of_the_cast_is_refused(production, request, name):
    request.getfixturevalue(name)

    assert ids(checks.demo_accounts()) == {"portal.E004"}
    assert ids(run_checks(tags=["database"], databases=["default"])) >= {"portal.E004"}
    with pytest.raises(ImproperlyConfigured, match="demo's accounts"):
        checks.refuse_unsafe_start()


@pytest.mark.django_db
def test_the_demo_may_have_the_cast(settings, asha):
    settings.DEMO = True

    assert checks.demo_accounts() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"MYGOV_DEBUG": "1"}, "MYGOV_DEBUG is on"),
        ({"MYGOV_SECRET_KEY": project.DEMO_SECRET}, "is the demo's or too short"),
        ({"MYGOV_HOSTS": "*"}, "must name the portal's hosts"),
        ({"MYGOV_HOSTS": ""}, "must name the portal's hosts"),
    ],
)
def test_a_web_server_does_not_come_up(changed, words):
    """As the server loads it: the application is not there, and the reason is."""
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"],
        "MYGOV_SECRET_KEY": SAFE["SECRET_KEY"], "MYGOV_HOSTS": "mygov.example", "MYGOV_SITE_URL": "https://mygov.example",
        "DJANGO_SETTINGS_MODULE": "mygov.settings", **changed,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "import mygov.wsgi"], cwd=project.BASE_DIR, env=environment, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip

    assert done.returncode != 0
    assert "refusing to start" in done.stderr
    assert words in done.stderr
