"""Chance puts some decisions to a second moderator, who does not know what was decided.

Whoever decides cannot tell which of their decisions will be looked at, nor choose by whom. The opinion changes nothing
by itself: it shows how often two people come to the same, and administrators read where they did not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from commons.core.cleaning import clean_text
from mygov.moderation import rules
from mygov.moderation.models import Decision, Report, SecondReview
from mygov.moderation.models.case import COLUMNS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User

What, Opinion = Decision.What, SecondReview.Opinion
SHOWN = {What.APPROVE, What.RESTORE}
NOT_SHOWN = {What.HIDE, What.REMOVE, What.REJECT, What.UPHOLD}
COUNTED_FOR = timedelta(days=90)
SMALL = 10  # opinions from which on a share says something
LOW = 0.8
MOST = 20
LONGEST = 500


def draw(decision: Decision) -> None:
    """Lets chance decide, in one statement whichever way it falls. Call it in the transaction of the decision."""
    if decision.what not in SHOWN | NOT_SHOWN:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO moderation_secondreview (decision_id) "
            "SELECT %s FROM moderation_reviewshare WHERE random() * 100 < per_cent",
            [decision.pk],
        )


def waiting_for(user: User | AnonymousUser) -> QuerySet[SecondReview]:
    """What this moderator of the platform may look at, the oldest first: nothing they wrote, reported, decided about
    or are employed by, and nothing that was decided anew or taken back since."""
    found = SecondReview.objects.filter(opinion="", decision__turn=F("decision__case__turn")).order_by("id")
    if not user.is_authenticated or not rules.may_review(user):
        return found.none()
    case = OuterRef("decision__case")
    decided = Decision.objects.filter(case=case, by=user)
    reported = Report.objects.filter(case=case, reporter=user)
    employers = rules.employers(user)
    gone = Q()
    for name in COLUMNS:
        gone |= Q(**{f"decision__case__{name}__state": "removed"})
    return (
        found.exclude(decision__case__author=user)
        .exclude(decision__case__activity__institution__in=employers)
        .exclude(decision__case__idea__institution__in=employers)
        .exclude(gone)
        .filter(~Exists(decided), ~Exists(reported))
    )


@transaction.atomic
def give(review: SecondReview, by: User, opinion: str, words: str = "") -> bool:
    """Writes an opinion down. False when somebody else was faster; raises PermissionDenied when it is not theirs to give."""
    if not waiting_for(by).filter(pk=review.pk).exists():
        if SecondReview.objects.filter(pk=review.pk).exclude(opinion="").exists():
            return False
        raise PermissionDenied
    same = {Opinion.SHOW: SHOWN, Opinion.HIDE: NOT_SHOWN}.get(Opinion(opinion))
    decided = Decision.objects.values_list("what", flat=True).get(pk=review.decision_id)
    return bool(
        SecondReview.objects.filter(pk=review.pk, opinion="").update(
            by=by, opinion=opinion, words=clean_text(words)[:LONGEST], at=Now(),
            agrees=None if same is None else decided in same,
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """Of so many opinions, how many were the same as the decision. `who` decided; None means everybody."""

    counted: int
    agreed: int
    unsure: int
    who: str | None = None

    @property
    def per_cent(self) -> int | None:
        """None while it would say nothing."""
        return round(100 * self.agreed / self.counted) if self.counted >= SMALL else None

    @property
    def is_low(self) -> bool:
        return self.counted >= SMALL and self.agreed < LOW * self.counted


COUNTS = {
    "counted": Count("pk", filter=Q(agrees__isnull=False)),
    "agreed": Count("pk", filter=Q(agrees=True)),
    "unsure": Count("pk", filter=Q(opinion=Opinion.UNSURE)),
}


def given() -> QuerySet[SecondReview]:
    """The opinions of the last months."""
    return SecondReview.objects.filter(at__gte=Now() - COUNTED_FOR)


def agreement() -> Agreement:
    """How often two moderators came to the same."""
    return Agreement(**given().aggregate(**COUNTS))


def by_moderator() -> list[Agreement]:
    """The same for each moderator whose decisions were looked at, the least agreement first."""
    names = ("decision__by__display_name", "decision__by")
    rows: Any = given().values(*names).annotate(**COUNTS)
    found = [Agreement(row["counted"], row["agreed"], row["unsure"], row[names[0]]) for row in rows]
    return sorted(found, key=lambda one: (one.agreed / one.counted if one.counted else 1, -one.counted))


def disagreements() -> list[SecondReview]:
    """Where the second moderator said otherwise, the newest first. For administrators only: it names both."""
    rows = given().filter(agrees=False).select_related(
        "by", "decision__by", *(f"decision__case__{name}" for name in COLUMNS)
    )  # fmt: skip
    return list(rows.order_by("-at")[:MOST])
