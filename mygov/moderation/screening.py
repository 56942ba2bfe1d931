"""The rules asked before a text shows, about the text and its author as they are now.

Every rule runs in time that grows with the text's length only, so that no text can hold up a worker.
"""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import connection, models

from commons.activities.models import Contribution
from commons.comments.screening import Finding
from commons.core import clock
from discussions.models import Idea
from mygov.moderation import learning
from mygov.moderation.models import ScreeningRule
from mygov.moderation.signals import IN_A_ROW, LINK, SHORTEST, is_enough, judge
from mygov.moderation.trust import Trust, trust_of
from mygov.moderation.words import first_listed

if TYPE_CHECKING:
    from commons.people.models import User


def screen(text: str, person: User, masked: Set[str] = frozenset(), row: models.Model | None = None) -> list[Finding]:
    """What the rules in force find in a text of this person, when it is enough to hold it; else nothing.

    `row` is what it replaces in an edit.
    """
    findings = judge(AboutToShow(text, person, masked, row), ScreeningRule.objects.filter(enabled=True))
    return findings if is_enough(findings) else []


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


class AboutToShow:
    """A text of now (`mygov.moderation.signals.Text`). What costs a query is asked when a rule needs it."""

    def __init__(self, words: str, person: User, masked: Set[str], row: models.Model | None) -> None:
        self.words, self.person, self.row = words, person, row
        self.masked = bool(masked)

    @cached_property
    def is_new(self) -> bool:
        return trust_of(self.person) == Trust.NEW

    @cached_property
    def links(self) -> int:
        return sum(1 for _link in LINK.finditer(self.words))

    @cached_property
    def alike(self) -> float:
        if len(self.words) < SHORTEST:
            return 0
        values = {
            "text": self.words[:4000], "person": self.person.pk, "row": self.row.pk if self.row else None,
            "kind": "idea" if isinstance(self.row, Idea) else "comment",
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(ALIKE, values)
            return (cursor.fetchone()[0] or 0) * 100

    @cached_property
    def opinion(self) -> learning.Opinion | None:
        return learning.opinion(self.words)

    def listed(self, words: str) -> str:
        return first_listed(self.words, words)

    def is_one_more_than(self, times: int) -> bool:
        """Looks at one row: the contribution that is as many back."""
        if self.row is not None:
            return False
        written = Contribution.objects.filter(person=self.person).exclude(
            kind__in=["ballot", "survey"]
        )  # neither is writing
        lines = written.order_by("-id").values_list("created_at", flat=True)
        moment = lines[times - 1 : times].first()
        return moment is not None and clock.now() - moment <= IN_A_ROW
