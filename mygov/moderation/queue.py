"""What waits for a moderator, in the order in which it should be decided, and what was asked for of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from commons.comments.models import Comment
from commons.core import keyset
from commons.directory.models import Institution
from discussions.models import Idea
from mygov.moderation.models import Case, Decision
from mygov.moderation.reasons import Reason

if TYPE_CHECKING:
    from typing import Any

    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from commons.people.models import User
    from mygov.moderation.models.case import CaseQuerySet

ORDER = ["due_at", "id"]
SIZE = 30
BESIDE = 12  # shown beside an item
KINDS = {"comment": Q(idea=None), "idea": Q(comment=None)}
WHY = {
    "held": Q(comment__state=Comment.State.HELD) | Q(idea__state=Idea.State.HELD),
    "reported": Q(report_count__gt=0),
    "unopened": Q(idea__state__in=[Idea.State.SPONSORED, Idea.State.FLAGGED, Idea.State.DORMANT]),
    "asked": Q(Exists(Decision.objects.filter(case=OuterRef("pk"), turn=OuterRef("turn"), what=Decision.What.ASK))),
}


@dataclass(frozen=True)
class Queue:
    """The cases one moderator may see, and of them what waits and fits what the address asks for.

    Unknown values are dropped.
    """

    theirs: CaseQuerySet
    asked: dict[str, str]

    @classmethod
    def read(cls, user: User | AnonymousUser, query: QueryDict) -> Queue:
        known = {
            "kind": set(KINDS), "why": set(WHY), "reason": set(Reason.values), "language": set(dict(settings.LANGUAGES)),
        }  # fmt: skip
        asked = {name: str(query[name]) for name, values in known.items() if query.get(name) in values}
        if code := str(query.get("institution", "")).replace("\x00", "")[:40]:
            asked["institution"] = code
        return cls(Case.objects.moderated_by(user), asked)

    @property
    def cases(self) -> CaseQuerySet:
        found = self.theirs.waiting()
        if "kind" in self.asked:
            found = found.filter(KINDS[self.asked["kind"]])
        if "why" in self.asked:
            found = found.filter(WHY[self.asked["why"]])
        for name, column in (
            ("reason", "reason"),
            ("language", "language"),
            ("institution", "activity__institution__code"),
        ):
            if name in self.asked:
                found = found.filter(**{column: self.asked[name]})
        return found.select_related("activity__institution", "comment", "idea", "author")

    def page(self, cursor: str, size: int = SIZE) -> keyset.Page[Case]:
        return keyset.page(self.cases, ORDER, cursor, size)

    def beside(self, case: Case) -> list[Case]:
        """This case, if it waits, and what comes after it."""
        return list(self.cases.filter(keyset.after(ORDER, [case.due_at, case.pk - 1])).order_by(*ORDER)[:BESIDE])

    def following(self, case: Case) -> Case | None:
        """The next one to decide: the one after this, or the first of all."""
        others = self.cases.exclude(pk=case.pk).order_by(*ORDER)
        return others.filter(keyset.after(ORDER, [case.due_at, case.pk])).first() or others.first()

    @property
    def address(self) -> str:
        """What was asked for, to be put behind an address."""
        return "?" + urlencode(self.asked) if self.asked else ""

    def with_cursor(self, cursor: str) -> str:
        return "?" + urlencode({**self.asked, "after": cursor})

    def filters(self) -> list[dict[str, Any]]:
        """Every filter with its choices, for a form that works without JavaScript."""
        institutions = [(one.code, str(one)) for one in Institution.objects.order_by("code")[:100]]
        rows: list[tuple[str, str, list[tuple[str, Any]]]] = [
            (
                "why",
                _("Why it is here"),
                [
                    ("held", _("Held")),
                    ("reported", _("Reported")),
                    ("unopened", _("Idea with its sponsors")),
                    ("asked", _("A moderator asks")),
                ],
            ),
            ("kind", _("Kind"), [("comment", _("Comments")), ("idea", _("Ideas"))]),
            ("reason", _("Suspicion"), Reason.choices),
            ("institution", _("Institution"), institutions),
            ("language", _("Language"), list(settings.LANGUAGES)),
        ]
        return [
            {"name": name, "label": label, "choices": choices, "chosen": self.asked.get(name, "")}
            for name, label, choices in rows
        ]
