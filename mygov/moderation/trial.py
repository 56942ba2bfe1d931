"""What a changed rule would have done to the newest texts, beside what moderators decided about them.

Who was new when a text was written is reckoned from what was kept: when they joined, how much they had written, and
what had been hidden of theirs. Personal numbers are known by the dots that took their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from commons.comments.screening import Finding
from commons.core.language import written_in
from mygov.moderation import learning
from mygov.moderation.models import LearnedFilter, ScreeningRule
from mygov.moderation.signals import IN_A_ROW, LINK, SHORTEST, is_enough, judge
from mygov.moderation.trust import FEW, NEW_FOR, REMEMBERED
from mygov.moderation.words import first_listed

NEWEST = 1000  # texts a rule is tried on
SAMPLE = 10  # of them shown
DOTS = "•••"
A_DAY = timedelta(days=1)
NEIGHBOURS = 250  # as far back as the rule for duplicates looks

PAST = """
SELECT t.kind, t.id, t.author_id, t.words, t.language, t.created_at, show_trgm(left(t.words, 4000)), (
    NOT u.is_staff AND (
      t.created_at < u.joined_at + %(new_for)s
      OR (SELECT count(*) FROM (SELECT FROM activities_contribution k
          WHERE k.person_id = t.author_id AND k.id < t.line LIMIT %(few)s) k) < %(few)s
      OR EXISTS (SELECT FROM moderation_case k JOIN moderation_decision d ON d.case_id = k.id
          WHERE k.author_id = t.author_id AND d.what IN ('hide', 'remove', 'reject')
            AND d.at BETWEEN t.created_at - %(remembered)s AND t.created_at))
  ), (SELECT count(*) FROM (SELECT FROM activities_contribution k WHERE k.person_id = t.author_id AND k.id < t.line
        AND k.created_at >= t.created_at - %(in_a_row)s ORDER BY k.id DESC LIMIT 100) k),
  coalesce((SELECT CASE WHEN d.what IN ('approve', 'restore') THEN 'approved' WHEN d.what IN ('hide', 'remove', 'reject') THEN 'hidden'
      ELSE '' END FROM moderation_case k JOIN moderation_decision d ON d.case_id = k.id
    WHERE (t.kind = 'comment' AND k.comment_id = t.id) OR (t.kind = 'idea' AND k.idea_id = t.id)
    ORDER BY d.id DESC LIMIT 1), '')
FROM (
  (SELECT 'comment' AS kind, id, author_id, body AS words, language, created_at, contribution_id AS line
   FROM comments_comment WHERE author_id IS NOT NULL AND as_institution_id IS NULL AND body <> ''
   ORDER BY id DESC LIMIT %(newest)s)
  UNION ALL
  (SELECT 'idea', id, author_id, concat_ws(E'\\n', title, ask, detail), language, created_at, contribution_id
   FROM discussions_idea WHERE author_id IS NOT NULL ORDER BY id DESC LIMIT %(newest)s)
) t JOIN people_user u ON u.id = t.author_id
ORDER BY t.created_at DESC, t.kind, t.id DESC LIMIT %(newest)s
"""


@dataclass
class Past:
    """A text of the past (`mygov.moderation.signals.Text`), and what a moderator said of it last."""

    kind: str
    id: int
    author_id: int
    words: str
    language: str
    at: datetime
    trigrams: frozenset[str]
    is_new: bool
    in_a_row: int
    outcome: str  # "approved", "hidden", or empty when nobody decided
    filters: dict[str, LearnedFilter | None]  # by language, read once for all texts
    alike: float = 0

    @cached_property
    def links(self) -> int:
        return sum(1 for _link in LINK.finditer(self.words))

    @property
    def masked(self) -> bool:
        return DOTS in self.words

    @cached_property
    def opinion(self) -> learning.Opinion | None:
        """By the filter as it is now, which may have learned from this very text."""
        language = written_in(self.words)
        if language not in self.filters:
            self.filters[language] = learning.newest(language)
        return learning.opinion_of(self.filters[language], self.words)

    def listed(self, words: str) -> str:
        return first_listed(self.words, words)

    def is_one_more_than(self, times: int) -> bool:
        return self.in_a_row >= times


@dataclass(frozen=True)
class Held:
    """A text that would have been held, and why; or that would not have been any more."""

    text: Past
    why: list[Finding]


@dataclass(frozen=True)
class Trial:
    """What came out. Counts are of texts; `more` and `fewer` are samples, the newest first."""

    looked_at: int
    held_now: int  # by the rules as they are in force
    held: int  # by the rules as they would be
    approved: int  # of `held`: a moderator found nothing wrong
    hidden: int
    undecided: int
    more: list[Held]
    more_count: int
    fewer: list[Held]
    fewer_count: int


def run(changed: ScreeningRule) -> Trial:
    """Tries a rule with the values it carries, saved or not, among the other rules as they are in force."""
    now = list(ScreeningRule.objects.all())
    then = [changed if rule.pk == changed.pk else rule for rule in now]
    texts = newest()
    before = {id(text): judge(text, now) for text in texts}
    after = {id(text): judge(text, then) for text in texts}
    held = [text for text in texts if is_enough(after[id(text)])]
    more = [Held(text, after[id(text)]) for text in held if not is_enough(before[id(text)])]
    fewer = [
        Held(text, before[id(text)]) for text in texts if is_enough(before[id(text)]) and not is_enough(after[id(text)])
    ]
    outcomes = Counter(text.outcome for text in held)
    return Trial(
        looked_at=len(texts), held_now=sum(is_enough(found) for found in before.values()), held=len(held),
        approved=outcomes["approved"], hidden=outcomes["hidden"], undecided=outcomes[""],
        more=more[:SAMPLE], more_count=len(more), fewer=fewer[:SAMPLE], fewer_count=len(fewer),
    )  # fmt: skip


def newest() -> list[Past]:
    """The newest texts of citizens, the newest first, each compared with those before it."""
    values: dict[str, Any] = {
        "newest": NEWEST,
        "few": FEW,
        "new_for": NEW_FOR,
        "remembered": REMEMBERED,
        "in_a_row": IN_A_ROW,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAST, values)
        filters: dict[str, LearnedFilter | None] = {}
        texts = [Past(*[*row[:6], frozenset(row[6]), *row[7:], filters]) for row in cursor.fetchall()]
    for place, text in enumerate(texts):
        if text.is_new and len(text.words) >= SHORTEST:
            text.alike = alike(text, texts[place + 1 : place + 1 + NEIGHBOURS])
    return texts


def alike(text: Past, earlier: Sequence[Past]) -> float:
    """How like the likest of the earlier ones it is, in per cent, as the database's `similarity` reckons."""
    best = 0.0
    for other in earlier:
        if text.at - other.at > A_DAY:
            break
        fewer, most = sorted([len(text.trigrams), len(other.trigrams)])
        if fewer > best * most:  # else it cannot be more alike than what was found
            common = len(text.trigrams & other.trigrams)
            best = max(best, common / (fewer + most - common))
    return best * 100
