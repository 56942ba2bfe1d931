"""How far a person is trusted, from what they did here. It decides what is screened and how much a report weighs.

- New: joined less than three days ago, or fewer than three of their contributions are shown, or something of theirs
  was hidden in the last thirty days. Their texts are screened; their reports bring a text before a moderator, and
  weigh nothing when it comes to hiding it at once: a thousand new accounts cannot silence anybody.
- Regular: everybody else. A report weighs 1.
- Trusted: joined fifteen days ago or more, twenty contributions are shown, nothing was hidden in the last ninety
  days; and whoever holds a post. A report weighs 3.

Whoever's newest fifty reports were dismissed three times more often than upheld weighs nothing either.
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

NEW_FOR, TRUSTED_AFTER = timedelta(days=3), timedelta(days=15)
FEW, MANY = 3, 20  # contributions that are shown
REMEMBERED, LONG_REMEMBERED = timedelta(days=30), timedelta(days=90)
WRONG_REPORTS = 3


class Trust(IntEnum):
    NEW = 0
    REGULAR = 1
    TRUSTED = 2


WEIGHTS = {Trust.NEW: 0, Trust.REGULAR: 1, Trust.TRUSTED: 3}


def trust_of(person: User, shown: int | None = None) -> Trust:
    """New, regular or trusted: at most five short queries. `shown` is `shown_of(person)` for whoever knows it."""
    if person.is_staff:
        return Trust.TRUSTED
    now = clock.now()
    age = now - person.joined_at
    shown = shown_of(person) if shown is None else shown
    if age < NEW_FOR or shown < FEW or was_hidden_since(person, now - REMEMBERED):
        return Trust.NEW
    if age < TRUSTED_AFTER or shown < MANY or was_hidden_since(person, now - LONG_REMEMBERED):
        return Trust.REGULAR
    return Trust.TRUSTED


def shown_of(person: User) -> int:
    """How many contributions of theirs are shown, counted up to twenty."""
    comments = len(Comment.objects.visible().filter(author=person).values_list("pk")[:MANY])
    if comments == MANY:
        return MANY
    ideas = len(Idea.objects.shown().filter(author=person).values_list("pk")[: MANY - comments])
    return comments + ideas


def was_hidden_since(person: User, moment: datetime) -> bool:
    against = [Decision.What.HIDE, Decision.What.REJECT]
    return Decision.objects.filter(case__author=person, what__in=against, at__gte=moment).exists()


def weight_of_report(person: User) -> int:
    """What a report of theirs weighs now."""
    handled = Report.objects.filter(reporter=person).exclude(upheld=None).order_by("-id")
    newest = list(handled.values_list("upheld", flat=True)[:50])
    if newest.count(False) - newest.count(True) >= WRONG_REPORTS:
        return 0
    return WEIGHTS[trust_of(person)]
