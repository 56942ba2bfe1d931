"""How far a person is trusted, from what they did here. It decides what is screened and how much a report weighs.

- Level 0, new: joined less than three days ago, or fewer than three of their contributions are shown, or something of
  theirs was hidden in the last thirty days. Their texts are screened; their reports bring a text before a moderator,
  and weigh nothing when it comes to hiding it at once: a thousand new accounts cannot silence anybody.
- Level 1, known: everybody else. A report weighs 1.
- Level 2, regular: joined fifteen days ago or more, twenty contributions are shown, nothing was hidden in the last
  ninety days; and whoever holds a post, who gets no further: officials shall not silence anybody by reporting. A report
  weighs 3.
- Level 3, trusted: a regular of a hundred days whose reports were right, five or more of the newest fifty and four
  out of five of those. A report weighs 4; of a text of a new account, as much as it takes to hold it at once.

Whoever's newest fifty reports were dismissed three times more often than upheld weighs nothing, whatever their level.
"""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from commons.comments.models import Comment
from commons.core import clock
from discussions.models import Idea
from mygov.moderation.models import Decision, Report

if TYPE_CHECKING:
    from datetime import datetime

    from commons.people.models import User

NEW_FOR, REGULAR_AFTER, TRUSTED_AFTER = timedelta(days=3), timedelta(days=15), timedelta(days=100)
FEW, MANY = 3, 20  # contributions that are shown
REMEMBERED, LONG_REMEMBERED = timedelta(days=30), timedelta(days=90)
LOOKED_BACK = 50  # reports
WRONG_REPORTS = 3
RIGHT_REPORTS, RIGHT_SHARE = 5, 0.8
HOLD_AT = 6  # what reports must weigh together to take a text out of sight: two regulars, or six known people


class Trust(IntEnum):
    NEW = 0
    KNOWN = 1
    REGULAR = 2
    TRUSTED = 3


WEIGHTS = {Trust.NEW: 0, Trust.KNOWN: 1, Trust.REGULAR: 3, Trust.TRUSTED: 4}


def trust_of(person: User, shown: int | None = None) -> Trust:
    """The level of a person: at most six short queries. `shown` is `shown_of(person)` for whoever knows it."""
    if person.is_staff:
        return Trust.REGULAR
    now = clock.now()
    age = now - person.joined_at
    shown = shown_of(person) if shown is None else shown
    if age < NEW_FOR or shown < FEW or was_hidden_since(person, now - REMEMBERED):
        return Trust.NEW
    if age < REGULAR_AFTER or shown < MANY or was_hidden_since(person, now - LONG_REMEMBERED):
        return Trust.KNOWN
    return Trust.TRUSTED if age >= TRUSTED_AFTER and reports_rightly(*reports_of(person)) else Trust.REGULAR


def shown_of(person: User) -> int:
    """How many contributions of theirs are shown, counted up to twenty."""
    comments = len(Comment.objects.visible().filter(author=person).values_list("pk")[:MANY])
    if comments == MANY:
        return MANY
    ideas = len(Idea.objects.shown().filter(author=person).values_list("pk")[: MANY - comments])
    return comments + ideas


def was_hidden_since(person: User, moment: datetime) -> bool:
    return Decision.objects.against().filter(case__author=person, at__gte=moment).exists()


def reports_of(person: User) -> tuple[int, int]:
    """How many of their newest fifty decided reports were upheld, and how many dismissed."""
    handled = Report.objects.filter(reporter=person).exclude(upheld=None).order_by("-id")
    newest = list(handled.values_list("upheld", flat=True)[:LOOKED_BACK])
    return newest.count(True), newest.count(False)


def reports_rightly(right: int, wrong: int) -> bool:
    return right >= RIGHT_REPORTS and right >= RIGHT_SHARE * (right + wrong)


def weight_of_report(person: User, author: User | None = None) -> int:
    """What a report of theirs weighs now, about a text of this author."""
    right, wrong = reports_of(person)
    if wrong - right >= WRONG_REPORTS:
        return 0
    level = trust_of(person)
    if level == Trust.TRUSTED and author is not None and trust_of(author) == Trust.NEW:
        return HOLD_AT
    return WEIGHTS[level]
