"""The house keeps its own rules (docs/architecture.md, CONTRIBUTING.md)."""

import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from commons.activities.kinds import Kind
from commons.activities.models import Activity

HERE = Path(settings.BASE_DIR)
NO_PLACE_FOR = ("base", "common", "helpers", "managers", "misc", "services", "utils")
NO_NAME_FOR = re.compile(r"^class \w*(Manager|Handler|Helper|Utils?|Service)\b", re.MULTILINE)
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*(\ssrc=|type=\"application/(ld\+)?json\"))",
    re.I,
)


def tracked(*patterns: str) -> list[Path]:
    """The project's own files of these patterns."""
    line = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(line, cwd=HERE, capture_output=True, check=True).stdout.decode().split("\0")
    return [HERE / name for name in names if name and (HERE / name).is_file()]


def code(*, tests: bool = False) -> list[Path]:
    """Python we wrote; migrations are written by Django."""
    found = [path for path in tracked("*.py") if "migrations" not in path.parts]
    return [path for path in found if tests or (HERE / "tests") not in path.parents]


def named(paths) -> list[str]:
    return sorted(str(path.relative_to(HERE)) for path in paths)


KINDS = [config.label for config in apps.get_app_configs() if isinstance(config, Kind)]


def test_every_app_with_an_activity_of_its_own_is_a_kind():
    assert {model._meta.app_label for model in Activity.__subclasses__()} == set(KINDS)
    assert set(KINDS) <= set(settings.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_page_for_each_and_says_what_one_does_there(kind):
    try:
        assert reverse(f"{kind}:detail", args=["a-slug"]).endswith("/a-slug/")
    except NoReverseMatch:
        pytest.fail(f"{kind}:detail is missing")
    config = apps.get_app_config(kind)
    assert str(config.kind_name)
    assert str(config.verb)


@pytest.mark.parametrize("model", Activity.__subclasses__(), ids=lambda model: model.__name__)
def test_a_kind_never_overrides_the_lifecycle(model):
    own = set(vars(model))
    assert (
        own & {"state", "phase", "opens_at", "closes_at", "published_at", "outcome_at", "save", "get_absolute_url"}
        == set()
    )


def test_generic_references_stay_in_audit_and_admin():
    guilty = [path for path in code() if re.search(r"ContentType\b|GenericForeignKey", path.read_text())]
    assert [name for name in named(guilty) if "admin" not in name and not name.startswith("commons/audit/")] == []


def test_nothing_is_left_for_later():
    word = re.compile(r"\b(TODO|FIXME|HACK)\b")
    files = tracked("*.py", "*.html", "*.css", "*.js", "*.md", ".ci/*", "portal")
    assert named(path for path in files if path != Path(__file__) and word.search(path.read_text())) == []


def test_no_name_says_nothing():
    given = "commons/core/postgres/base.py"  # Django looks for a database backend under this name
    assert named(path for path in code(tests=True) if path.stem in NO_PLACE_FOR) == [given]
    assert named(path for path in code(tests=True) if NO_NAME_FOR.search(path.read_text())) == []


def test_templates_hold_no_script_and_no_style():
    """The content security policy forbids both; a browser would drop them without a word. A mail has no other style."""
    pages = [path for path in tracked("templates/*.html") if path.parent.name != "mail"]
    assert named(path for path in pages if INLINE.search(path.read_text())) == []


@pytest.mark.parametrize(
    "text", ['<p style="x">', "<style>", "<a onclick='x'>", "<script>x</script>", '<a href="javascript:x">']
)
def test_what_the_search_for_scripts_and_styles_finds(text):
    assert INLINE.search(text)


@pytest.mark.parametrize("text", ['<script src="/a.js" defer></script>', '<script type="application/json">{}</script>'])
def test_what_the_search_for_scripts_and_styles_lets_be(text):
    assert not INLINE.search(text)


def test_views_neither_save_nor_compare_states_by_hand():
    """One domain call; the rule lies below (CONTRIBUTING.md, "Where a rule lives")."""
    views = [path for path in code() if path.stem == "views" or path.stem.endswith("_views")]
    guilty = re.compile(r"(?<!form)\.save\(|\.filter\([^)]*\bstate=\"|\.state [!=]= \"")
    assert len(views) > 5
    assert named(path for path in views if guilty.search(path.read_text())) == []


def test_jobs_are_small():
    """A job takes ids, fetches, makes one call: what it does lies in the app's verbs."""
    assert {name: lines for name, lines in lengths("jobs").items() if lines > 60} == {}


def lengths(stem: str) -> dict[str, int]:
    return {str(p.relative_to(HERE)): len(p.read_text().splitlines()) for p in code() if p.stem == stem}


def test_every_module_says_what_it_is_for():
    silent = [
        path
        for path in code()
        if path.name not in {"__init__.py", "apps.py"}
        and not path.stem.endswith("urls")
        and path.read_text().strip()
        and not re.match(r'(#!.*\n)?(#.*\n)*"""', path.read_text())
    ]
    assert named(silent) == []


EXAMPLES = ("polls/", "tests/polls/")  # the kind that CONTRIBUTING.md adds


def test_the_documents_speak_of_files_that_exist():
    """Every path in backticks; a bare name may stand for a file in any folder, an address begins with a slash."""
    files = {str(path.relative_to(HERE)) for path in tracked()}
    folders = {f"{parent}/" for name in files for parent in Path(name).parents}
    known = {f"/{name}" for name in files | folders}
    in_backticks = re.compile(r"`(\.?\w[\w./-]*(?:\.(?:py|md|html|css|js|toml|yml|lock|example)|/))`")
    missing = [
        f"{page.name}: {path}"
        for page in tracked("*.md")
        for path in in_backticks.findall(page.read_text())
        if path not in EXAMPLES and not any(name.endswith(f"/{path}") for name in known)
    ]
    assert missing == []
