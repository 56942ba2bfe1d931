"""The rules asked before a text shows. New accounts are held to all of them, everybody to the listed words.

Every rule runs in time that grows with the text's length only, so that no text can hold up a worker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.activities.models import Contribution
from commons.comments.screening import Finding
from commons.core import clock
from discussions.models import Idea
from mygov.moderation.models import ScreeningRule
from mygov.moderation.reasons import Reason
from mygov.moderation.trust import Trust, trust_of
from mygov.moderation.words import first_listed

if TYPE_CHECKING:
    from commons.people.models import User

Kind = ScreeningRule.Kind
LINK = re.compile(
    r"""(?:https?://|www\.)[^\s<>()\[\]"',;|]*"""
    r"|(?<![\w.@-])[\w-]{1,63}\.(?:com|in|org|net|info|xyz|io|co|ru|top|link|gov|me|biz|shop|online)\b",
    re.IGNORECASE,
)
IN_A_ROW = timedelta(minutes=10)
SHORTEST = 40  # characters; short texts are alike without being copies ("I agree with this")


@dataclass(frozen=True)
class Text:
    """What the rules look at."""

    words: str
    person: User
    masked: Set[str]
    row: models.Model | None


def screen(text: str, person: User, masked: Set[str] = frozenset(), row: models.Model | None = None) -> list[Finding]:
    """What the rules in force find in a text of this person. `row` is what it replaces in an edit."""
    rules = {rule.kind: rule for rule in ScreeningRule.objects.filter(enabled=True)}
    asked = Text(text, person, masked, row)
    found = [words(asked, rules[Kind.WORDS])] if Kind.WORDS in rules else []
    if trust_of(person) == Trust.NEW:
        found += [rule(asked, rules[kind]) for kind, rule in FOR_NEW_ACCOUNTS.items() if kind in rules]
    return [finding for finding in found if finding is not None]


def words(text: Text, rule: ScreeningRule) -> Finding | None:
    listed = first_listed(text.words, rule.words)
    if not listed:
        return None
    return Finding(Reason.OFFENCE, _("It contains “%(word)s”.") % {"word": listed})


def links(text: Text, rule: ScreeningRule) -> Finding | None:
    count = sum(1 for _link in LINK.finditer(text.words))
    if count <= rule.threshold:
        return None
    said = ngettext(
        "It has %(n)s links; a new account may set %(most)s link.",
        "It has %(n)s links; a new account may set %(most)s links.",
        rule.threshold,
    )
    return Finding(Reason.SPAM, said % {"n": count, "most": rule.threshold})


def velocity(text: Text, rule: ScreeningRule) -> Finding | None:
    """Looks at one row: the contribution that is as many back as the threshold says."""
    if text.row is not None or not rule.threshold:
        return None
    lines = Contribution.objects.filter(person=text.person).order_by("-id").values_list("created_at", flat=True)
    moment = lines[rule.threshold - 1 : rule.threshold].first()
    if moment is None or clock.now() - moment > IN_A_ROW:
        return None
    said = _("A new account may write %(n)s times within ten minutes.")
    return Finding(Reason.SPAM, said % {"n": rule.threshold})


# One's own texts of the last day, and the newest of everybody: a few hundred rows by primary key, whatever the size
# of the tables. Trigrams are cut by letters, so they work in every script.
ALIKE = """
  SELECT max(similarity(words, %(text)s)) FROM (
    (SELECT id, created_at, body AS words, 'comment' AS kind FROM comments_comment
     WHERE author_id = %(person)s ORDER BY id DESC LIMIT 20)
    UNION ALL
    (SELECT id, created_at, body, 'comment' FROM comments_comment ORDER BY id DESC LIMIT 200)
    UNION ALL
    (SELECT id, created_at, concat_ws(E'\\n', title, ask, detail), 'idea' FROM discussions_idea ORDER BY id DESC LIMIT 50)
  ) newest
  WHERE created_at > now() - interval '1 day' AND (kind, id) IS DISTINCT FROM (%(kind)s, %(row)s)
"""


def duplicates(text: Text, rule: ScreeningRule) -> Finding | None:
    if len(text.words) < SHORTEST:
        return None
    values = {
        "text": text.words[:4000], "person": text.person.pk, "row": text.row.pk if text.row else None,
        "kind": "idea" if isinstance(text.row, Idea) else "comment",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, values)
        alike = cursor.fetchone()[0] or 0
    if alike * 100 < rule.threshold:
        return None
    return Finding(Reason.DUPLICATE, _("It is almost the same as what was written here in the last day."))


def personal(text: Text, rule: ScreeningRule) -> Finding | None:
    if not text.masked:
        return None
    return Finding(Reason.ILLEGAL, _("It had a personal number or address in it. We have hidden it; please check."))


FOR_NEW_ACCOUNTS: dict[str, Callable[[Text, ScreeningRule], Finding | None]] = {
    Kind.LINKS: links, Kind.VELOCITY: velocity, Kind.DUPLICATES: duplicates, Kind.PERSONAL: personal,
}  # fmt: skip
