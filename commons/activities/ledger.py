"""Enters contributions into the ledger, and answers them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities import rules
from commons.activities.models import Activity, Contribution, Disposition
from commons.audit.events import happened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.directory.models import Institution
    from commons.people.models import User


def receive(
    activity: Activity, person: User | None, kind: str, text: str, *, channel: str = Contribution.Channel.WEB
) -> Contribution:
    """Opens the line of a new contribution, inside the caller's transaction. The caller sets `path` when it knows it.

    `person` is None where somebody without an account takes part.
    """
    line = Contribution.objects.create(
        activity=activity,
        person=person,
        kind=kind,
        excerpt=excerpt(text),
        channel=channel,
        language=(get_language() or "en")[:5],
        region_id=(person.district_id or person.state_id) if person else None,
    )
    return line


def excerpt(text: str) -> str:
    """The beginning of a text on one line, as the ledger shows it."""
    return " ".join(text.split())[:200]


@transaction.atomic
def dispose(
    contributions: Iterable[Contribution],
    *,
    by: User,
    standing: str,
    reason: str = "",
    words: str = "",
    link: str = "",
    referred_to: Institution | None = None,
    due: date | None = None,
    announced: bool = True,
) -> list[Disposition]:
    """Answers one contribution or a selection; everyone who made one is told, unless the caller tells it in other words.

    Whoever has this very answer already does not get it again, so a second click tells nobody twice.
    Raises ValidationError (by field) when the answer lacks what its standing needs: a reason and a sentence
    for "not adopted", a day for "under study", an institution for "referred". Who may, the caller has asked.
    """
    answer = {"standing": standing, "reason": reason, "words": words.strip(), "link": link,
              "referred_to_id": referred_to.pk if referred_to else None, "due": due}  # fmt: skip
    ids = [line.pk for line in contributions]
    lines = list(Contribution.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    newest = {row.contribution_id: row for row in Disposition.objects.filter(contribution__in=ids).order_by("id")}
    rows = []
    for line in lines:
        row = Disposition(contribution=line, activity_id=line.activity_id, by=by, **answer)
        check_complete(row)
        last = newest.get(line.pk)
        if last is None or any(getattr(last, name) != value for name, value in answer.items()):
            rows.append(row)
    rows = Disposition.objects.bulk_create(rows)
    Contribution.objects.filter(pk__in=[row.contribution_id for row in rows]).update(
        standing=standing, standing_at=Now()
    )
    if announced:
        happened("disposed", *[row.pk for row in rows])
    return rows


@transaction.atomic
def answer(contributions: Iterable[Contribution], *, by: User, **said: Any) -> list[Disposition]:
    """`dispose` by an official of the institution that asked; raises PermissionDenied for anybody else."""
    lines = list(contributions)
    asked = Activity.objects.filter(pk__in={line.activity_id for line in lines}).select_related("institution")
    one_each = {activity.institution_id: activity for activity in asked}  # who may depends on the institution alone
    if not all(rules.may_answer(by, activity) for activity in one_each.values()):
        raise PermissionDenied
    return dispose(lines, by=by, **said)


def check_complete(row: Disposition) -> None:
    """Raises ValidationError for what the database would refuse, beside the field that lacks it."""
    standings = Contribution.Standing
    if row.standing == standings.NOT_ADOPTED and not row.reason:
        raise ValidationError({"reason": _("Say why: choose a reason.")})
    if row.standing == standings.NOT_ADOPTED and not row.words:
        raise ValidationError({"words": _("Say why, in a sentence the citizen will read.")})
    if row.standing == standings.UNDER_STUDY and row.due is None:
        raise ValidationError({"due": _("Say by which day the answer will come.")})
    if row.standing == standings.REFERRED and row.referred_to_id is None:
        raise ValidationError({"referred_to": _("Say which institution it goes to.")})
