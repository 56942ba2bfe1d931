"""Quotas: how many responses of each kind of people enter the weighted evaluation. The rows are locked in one order, so
that of two who send at once only one gets the last place. Nobody is turned away: whoever comes later is counted apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from surveys.models import Question, Quota, Response

if TYPE_CHECKING:
    from surveys.asking import Walk

MEASURES = ("region", "gender", "age")


def measures_of(walk: Walk) -> dict[str, str]:
    """What the person said about themselves, by measure."""
    told: list[Question] = [question for question in walk.sheet.questions if question.measures]
    shown = walk.counted()
    return {q.measures: str(walk.answers[q.name]) for q in told if q.name in shown}


def fitting(survey_id: int, measured: dict[str, str]) -> Q:
    """The quotas such a person falls under."""
    found = Q(survey=survey_id)
    for name in MEASURES:
        found &= Q(**{name: ""}) | Q(**{name: measured.get(name, "")})
    return found


@transaction.atomic
def take(response: Response, measured: dict[str, str]) -> bool:
    """Gives the response its place in every quota it falls under, or none; whether it has one. Twice is once.

    The caller holds the response's row.
    """
    before = Response.objects.get(pk=response.pk)
    had_place = before.measured != {} and not before.over_quota
    if had_place and before.measured == (measured or {"": ""}):
        return True
    old = fitting(response.activity_id, before.measured) if had_place else Q(pk=None)
    wanted = fitting(response.activity_id, measured)
    rows = list(Quota.objects.select_for_update().filter(old | wanted).order_by("pk"))
    if had_place:
        Quota.objects.filter(old, taken__gt=0).update(taken=F("taken") - 1)
    room = all(row.taken < row.most for row in Quota.objects.filter(wanted))
    if room:
        Quota.objects.filter(wanted, pk__in=[row.pk for row in rows]).update(taken=F("taken") + 1)
    Response.objects.filter(pk=response.pk).update(measured=measured or {"": ""}, over_quota=not room)
    return room
