"""The history speaks to people: every recorded verb has a name, and every value is shown in words."""

import re
from pathlib import Path

from django.conf import settings

from commons.directory.history import VERBS, as_text, verb_name

THINGS = "activity|outcome|comment|idea|group|post|forum|screening_rule"


def test_every_recorded_verb_has_a_name():
    apps = [Path(settings.BASE_DIR) / name for name in ("commons", "discussions", "groups", "mygov")]
    sources = [path.read_text(encoding="utf-8") for app in apps for path in app.rglob("*.py")]
    written = {verb for source in sources for verb in re.findall(rf'"((?:{THINGS})\.[a-z_]+)"', source)}

    assert sorted(verb for verb in written if verb not in VERBS) == []
    assert len(written) > 20


def test_a_page_without_verbs_of_its_own_says_added_and_changed():
    assert [verb_name("institution.add"), verb_name("region.edit"), verb_name("unheard.of")] == [
        "Added",
        "Changed",
        "unheard.of",
    ]


def test_values_are_shown_in_words():
    assert as_text({"en": "Bags", "hi": "बस्ते"}) == "en: Bags\nhi: बस्ते"
    assert as_text("2026-11-24T18:15:00+00:00") == "24 Nov 2026, 11:45 pm IST"
    assert [as_text(True), as_text(None), as_text([1, 2]), as_text("a sentence that is long enough")] == [
        "yes", "", "1, 2", "a sentence that is long enough",
    ]  # fmt: skip
