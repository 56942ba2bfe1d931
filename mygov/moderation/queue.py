"""What waits for a moderator, in the order in which it should be decided, and what was asked for of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from commons.core import keyset
from discussions.models import Idea
from mygov.moderation import rules
from mygov.moderation.models import Appeal, Case, Decision, Level
from mygov.moderation.models.case import COLUMNS
from mygov.moderation.reasons import Reason
from mygov.moderation.taking import free_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import Combinable
    from django.http import QueryDict

    from commons.people.models import User
    from mygov.moderation.models.case import CaseQuerySet

ORDER = ["due_at", "id"]
SIZE = 30
BESIDE = 12  # shown beside an item
COUNTED = 1000  # so far it says how many wait; beyond, that there are more
KINDS = {name: Q(**{f"{name}__isnull": False}) for name in COLUMNS}
WHY: dict[str, Q] = {
    "held": reduce(or_, (Q(**{f"{name}__state": "held"}) for name in COLUMNS)),
    "reported": Q(report_count__gt=0),
    "unopened": Q(idea__state__in=[Idea.State.SPONSORED, Idea.State.FLAGGED, Idea.State.DORMANT]),
    "asked": Q(Exists(Decision.objects.filter(case=OuterRef("pk"), turn=OuterRef("turn"), what=Decision.What.ASK))),
    "appeal": Q(Exists(Appeal.objects.waiting().filter(decision__case=OuterRef("pk")))),
    "escalated": Q(level__gt=Level.ANYBODY),
}
AGES = {"1": 1, "3": 3, "11": 11, "14": 14}  # days since it came before moderators
LATE = Q(due_at__lte=Now())


def for_a_second(user: User) -> Q:
    """Of cases: those this moderator decided, so that another has to look: an appeal, an idea they flagged."""
    theirs = Decision.objects.filter(case=OuterRef("pk"), by=user)
    appealed = Appeal.objects.waiting().filter(decision__case=OuterRef("pk"), decision__by=user)
    return Q(Exists(theirs.filter(turn=OuterRef("turn"), what=Decision.What.FLAG))) | Q(Exists(appealed))


@dataclass(frozen=True)
class Size:
    """How many cases there are, up to one more than `COUNTED`."""

    waiting: int
    late: int


@dataclass(frozen=True)
class Queue:
    """The cases one moderator may see, and of them what waits and fits what the address asks for.

    Unknown values are dropped.
    """

    user: User | AnonymousUser
    theirs: CaseQuerySet
    asked: dict[str, str]

    @classmethod
    def read(cls, user: User | AnonymousUser, query: QueryDict) -> Queue:
        known = {
            "kind": set(KINDS), "why": set(WHY), "reason": set(Reason.values), "language": set(dict(settings.LANGUAGES)),
            "age": {"late", *AGES},
        }  # fmt: skip
        asked = {name: str(query[name]) for name, values in known.items() if query.get(name) in values}
        for name in ("institution", "group"):
            if code := str(query.get(name, "")).replace("\x00", "")[:80]:
                asked[name] = code
        return cls(user, Case.objects.moderated_by(user), asked)

    @property
    def matching(self) -> CaseQuerySet:
        """What waits and fits, without what a row shows of it."""
        found = self.theirs.waiting()
        if "kind" in self.asked:
            found = found.filter(KINDS[self.asked["kind"]])
        if "why" in self.asked:
            found = found.filter(WHY[self.asked["why"]])
        if "age" in self.asked:
            found = found.filter(self.of_age(self.asked["age"]))
        for name, column in (
            ("reason", "reason"),
            ("language", "language"),
            ("institution", "activity__institution__code"),
            ("group", "activity__group__slug"),
        ):
            if name in self.asked:
                found = found.filter(**{column: self.asked[name]})
        return found

    @staticmethod
    def of_age(age: str) -> Q:
        moment: Combinable = Now() - timedelta(days=AGES.get(age, 0))
        return LATE if age == "late" else Q(opened_at__lte=moment)

    @property
    def cases(self) -> CaseQuerySet:
        return self.matching.annotate(appealed=WHY["appeal"]).select_related(
            "activity__institution", *COLUMNS, "author", "taken_by"
        )

    def page(self, cursor: str, size: int = SIZE) -> keyset.Page[Case]:
        return keyset.page(self.cases, ORDER, cursor, size)

    def beside(self, case: Case) -> list[Case]:
        """This case, if it waits, and what comes after it."""
        return list(self.cases.filter(keyset.after(ORDER, [case.due_at, case.pk - 1])).order_by(*ORDER)[:BESIDE])

    def following(self, case: Case) -> Case | None:
        """The next one to decide that nobody else has open: the one after this, or the first of all."""
        others = self.free().exclude(pk=case.pk)
        return others.filter(keyset.after(ORDER, [case.due_at, case.pk])).first() or others.first()

    def first(self) -> Case | None:
        """Where this moderator begins."""
        return self.free().first()

    def free(self) -> CaseQuerySet:
        """What nobody else has open, was not handed up beyond this moderator, and does not wait for a second one."""
        if not self.user.is_authenticated:
            return self.cases.none()
        others = Q(author=None) | ~Q(author=self.user)
        theirs = self.cases.filter(free_for(self.user), others, level__lte=self.level)
        return theirs.exclude(for_a_second(self.user)).order_by(*ORDER)

    @cached_property
    def size(self) -> Size:
        """How many wait and fit, and how many of them are late; counted no further than `COUNTED`."""
        return Size(*(found[: COUNTED + 1].count() for found in (self.matching, self.matching.filter(LATE))))

    @cached_property
    def level(self) -> Level:
        """Up to which level this moderator decides what was handed up."""
        return rules.level_of(self.user)

    @property
    def address(self) -> str:
        """What was asked for, to be put behind an address."""
        return "?" + urlencode(self.asked) if self.asked else ""

    @property
    def only_late(self) -> str:
        """The same address, for what is late of it."""
        return "?" + urlencode({**self.asked, "age": "late"})

    def with_cursor(self, cursor: str) -> str:
        return "?" + urlencode({**self.asked, "after": cursor})
