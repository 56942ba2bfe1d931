"""Reporting a text. Enough trusted people who report it take it out of sight until a moderator has looked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext as _

from commons.comments.screening import Finding
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.personal_numbers import mask
from mygov.moderation import cases, rules, targets
from mygov.moderation.models import Decision, Report, Standing
from mygov.moderation.reasons import Reason
from mygov.moderation.trust import HOLD_AT, weight_of_report

if TYPE_CHECKING:
    from commons.people.models import User
    from mygov.moderation.models import Case
    from mygov.moderation.models.case import Target

MOST_AN_HOUR = 20


@transaction.atomic
def report(target: Target, by: User, reason: str, words: str = "") -> Report:
    """One person's report; the first one when they report it again.

    Raises PermissionDenied for one's own text or an official answer, ValidationError after too many in an hour.
    """
    if not rules.may_report(by, target):
        raise PermissionDenied
    known = Report.objects.filter(reporter=by, **{f"case__{targets.kind_of(target)}": target.pk}).first()
    if known:
        return known
    newest = Report.objects.filter(reporter=by).order_by("-id").values_list("at", flat=True)
    moment = newest[MOST_AN_HOUR - 1 : MOST_AN_HOUR].first()
    if moment is not None and clock.now() - moment < timedelta(hours=1):
        raise ValidationError(_("You have reported much in the last hour. Please go on later."), "many")
    case = cases.open_case(cases.lock(target), reason)
    written, created = Report.objects.get_or_create(
        case=case, reporter=by,
        defaults={
            "activity_id": case.activity_id, "reason": reason, "words": mask(clean_text(words))[0][:500],
            "weight": weight_of_report(by, target.author),
        },
    )  # fmt: skip
    if created:
        case.report_count += 1
        cases.weigh(case, more=written.weight)
        hold_if_enough(case)
    return written


def hold_if_enough(case: Case) -> None:
    """What a moderator has approved stays in sight until a moderator says otherwise, however many report it."""
    newest = case.decisions.first()
    settled = newest is not None and newest.what in {Decision.What.APPROVE, Decision.What.RESTORE}
    if settled or case.standing not in {Standing.SHOWN, Standing.UNOPENED}:
        return
    waiting = case.reports.filter(handled_at=None)
    if (waiting.aggregate(sum=Sum("weight"))["sum"] or 0) < HOLD_AT:
        return
    with translation.override(case.author.language if case.author else None):
        words = _("Several people reported it: %(reason)s.") % {"reason": Reason(case.reason).label}
    finding = Finding(case.reason, words)
    targets.KINDS[case.kind].hold(case.target, [finding])
