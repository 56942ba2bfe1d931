"""A moderator's decision: one verb for everything that can be decided. Of two at once, one is told about the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.audit.record import record
from commons.comments import moderating
from commons.core import clock
from commons.core.cleaning import clean_text
from discussions import ideas
from mygov.moderation import cases, rules
from mygov.moderation.models import Case, Decision, Standing
from mygov.moderation.reasons import RULES_VERSION, STANDARD_WORDS, Reason

if TYPE_CHECKING:
    from commons.people.models import User

What = Decision.What
AGAINST = {What.HIDE, What.REJECT, What.ASK}
ASKED_WEIGHT = 10  # a colleague waits for an answer: due within hours


class AlreadyDecided(Exception):
    """Somebody was faster. `decision` says who, and how."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision))
        self.decision = decision


@transaction.atomic
def decide(case: Case, by: User, what: str, *, seen: int, reason: str = "", words: str = "") -> Decision:
    """Decides a case as it stood at turn `seen`. Empty words become the rule's own sentence.

    Raises AlreadyDecided when somebody decided since, PermissionDenied when `by` may not, ValidationError (by field)
    when a reason is missing.
    """
    case = lock(case)
    take_turn(case, seen)
    if what not in rules.options(by, case):
        raise PermissionDenied
    words = clean_text(words)
    if what in AGAINST:
        if reason not in Reason.values:
            raise ValidationError({"reason": _("Choose the rule it breaks.")})
        words = words or standard_words(case, reason)
    else:
        reason = ""
    decision = Decision.objects.create(
        case=case, activity_id=case.activity_id, turn=seen + 1, by=by, what=what, reason=reason, words=words,
        rules_version=RULES_VERSION,
    )  # fmt: skip
    if not carry_out(case, by, what, reason, words):
        # The target's own verb records what it changes; what changes nothing there is recorded here.
        record(f"moderation.{what}", case.target, by=by, words=words, after={"reason": reason} if reason else {})
    settle(case, decision)
    return decision


def lock(case: Case) -> Case:
    """The case as it stands, with its target locked first (see `cases`)."""
    known = Case.objects.select_related("comment", "idea").get(pk=case.pk)
    type(known.target).objects.select_for_update(of=("self",), no_key=True).get(pk=known.target.pk)
    rows = Case.objects.select_related("activity__institution", "comment", "idea__activity", "author")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def take_turn(case: Case, seen: int) -> None:
    """One statement, so that of two who saw the same turn only one takes it."""
    if not Case.objects.filter(pk=case.pk, turn=seen).update(turn=F("turn") + 1):
        newest = case.decisions.select_related("by").first()
        raise AlreadyDecided(newest) if newest else PermissionDenied  # without one, nobody can have seen that turn


def standard_words(case: Case, reason: str) -> str:
    """The rule's sentence in the language of whoever wrote the text."""
    with translation.override(case.author.language if case.author else None):
        return str(STANDARD_WORDS[reason])


def carry_out(case: Case, by: User, what: str, reason: str, words: str) -> bool:
    """Does to the comment or idea what was decided. False when it stays as it is."""
    verbs = moderating if case.comment_id else ideas
    if what == What.HIDE:
        return verbs.hide(case.target, by, reason, words)  # type: ignore[arg-type]
    if what == What.REJECT and case.idea:
        return ideas.reject(case.idea, by, reason, words)
    if what in {What.APPROVE, What.RESTORE} and case.standing != Standing.SHOWN:
        return verbs.restore(case.target, by, words)  # type: ignore[arg-type]
    return False


def settle(case: Case, decision: Decision) -> None:
    """Closes the case and its reports. Asking settles nothing: the case waits on, more urgent."""
    if decision.what == What.ASK:
        if case.closed_at is not None:
            case.opened_at, case.closed_at = clock.now(), None
        cases.weigh(case, more=ASKED_WEIGHT)
        return
    Case.objects.filter(pk=case.pk).update(closed_at=Now(), report_count=0)
    upheld = decision.what in AGAINST
    if case.reports.filter(handled_at=None).update(handled_at=Now(), upheld=upheld):
        happened("reports decided", decision.pk)
