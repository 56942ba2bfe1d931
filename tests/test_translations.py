"""Hindi is complete, keeps every placeholder, and what runs is what was translated."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "hi" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def hindi() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_every_string_is_translated(hindi):
    assert [entry.msgid for entry in hindi if not entry.obsolete and (not entry.translated() or entry.fuzzy)] == []


def test_placeholders_are_kept(hindi):
    broken = []
    for entry in hindi:
        if entry.obsolete:
            continue
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        broken += [entry.msgid for text in texts if set(PLACEHOLDER.findall(text)) - wanted or (
            not entry.msgid_plural and set(PLACEHOLDER.findall(text)) != wanted
        )]  # fmt: skip

    assert broken == []


def test_the_compiled_catalogue_is_the_written_one(hindi):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in hindi.translated_entries()
    }


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed; .ci/run installs it")
def test_the_catalogue_has_every_string_of_the_code(hindi, tmp_path):
    """Collects the strings anew, into a copy, and compares."""
    tree = tmp_path / "tree"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--", "*.py", "*.html", "*.txt"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (settings.BASE_DIR / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.BASE_DIR / name, tree / name)
    (tree / "locale" / "hi" / "LC_MESSAGES").mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "hi", "--no-wrap", "-v0", "-i", "tests/*", "-i", "bench/*"],
        cwd=tree, check=True, env={"PATH": f"{Path(settings.BASE_DIR) / '.venv' / 'bin'}:/usr/bin:/bin"},
    )  # fmt: skip
    collected = polib.pofile(str(tree / "locale" / "hi" / "LC_MESSAGES" / "django.po"))

    assert {e.msgid for e in collected} == {e.msgid for e in hindi if not e.obsolete}
