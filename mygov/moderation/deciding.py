"""A moderator's decision: one verb for everything that can be decided. Of two at once, one is told about the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.audit.record import record
from commons.core import clock
from commons.core.cleaning import clean_text
from discussions.models import Idea
from mygov.moderation import appeals, cases, rules, second_reviews, taking, targets
from mygov.moderation.models import Case, Decision, Level
from mygov.moderation.reasons import RULES_VERSION, STANDARD_WORDS, Reason

if TYPE_CHECKING:
    from commons.people.models import User

What = Decision.What
AGAINST = {What.HIDE, What.REMOVE, What.REJECT, What.ASK}
GOES_ON = {What.ASK, What.FLAG, What.PARK, What.ESCALATE}  # the case waits on, for somebody else
ASKED_WEIGHT = 10  # a colleague waits for an answer: due within hours
PARKED_FOR = timedelta(days=7)


Taken = taking.Taken


class AlreadyDecided(Exception):
    """Somebody was faster. `decision` says who, and how."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision))
        self.decision = decision


@transaction.atomic
def decide(case: Case, by: User, what: str, *, seen: int, reason: str = "", words: str = "") -> Decision:
    """Decides a case as it stood at turn `seen`. Empty words become the rule's own sentence.

    Raises AlreadyDecided when somebody decided since, Taken when somebody else has it open, PermissionDenied when `by`
    may not, ValidationError (by field) when a reason or words are missing.
    """
    case = cases.lock_case(case)
    take_turn(case, seen)
    taking.refuse_if_taken(case, by)
    if what not in rules.options(by, case):
        raise PermissionDenied
    words = clean_text(words)
    reason, words = complete(case, what, reason, words)
    decision = Decision.objects.create(
        case=case, activity_id=case.activity_id, turn=seen + 1, by=by, what=what, reason=reason, words=words,
        rules_version=RULES_VERSION, findings=case.findings, waiting_since=case.opened_at if case.closed_at is None else None,
    )  # fmt: skip
    if not targets.KINDS[case.kind].decide(case.target, by, what, reason, words):
        # The target's own verb records what it changes; what changes nothing there is recorded here.
        record(f"moderation.{what}", case.target, by=by, words=words, after={"reason": reason} if reason else {})
    settle(case, decision)
    second_reviews.draw(decision)
    return decision


def take_turn(case: Case, seen: int) -> None:
    """One statement, so that of two who saw the same turn only one takes it."""
    if not Case.objects.filter(pk=case.pk, turn=seen).update(turn=F("turn") + 1):
        newest = case.decisions.select_related("by").first()
        raise AlreadyDecided(newest) if newest else PermissionDenied  # without one, nobody can have seen that turn


def complete(case: Case, what: str, reason: str, words: str) -> tuple[str, str]:
    """Reason and words as they are stored. Raises ValidationError, by field, when they lack what `what` needs."""
    if what not in AGAINST:
        if what in GOES_ON and not words:
            raise ValidationError({"words": _("Say what has to be looked at or answered.")})
        if what == What.UPHOLD and not words:
            raise ValidationError({"words": _("Tell the author why the decision stands.")})
        return "", words
    if what == What.REMOVE:
        if not words:
            raise ValidationError({"words": _("Name the law or the order, in words its author understands.")})
        return Reason.ILLEGAL, words
    codes = Idea.Rejected.values if what == What.REJECT else Reason.values
    if reason not in codes:
        raise ValidationError({"reason": _("Choose a reason.")})
    # Why an idea was not accepted is a sentence by itself.
    return reason, words or ("" if what == What.REJECT else standard_words(case, reason))


def standard_words(case: Case, reason: str) -> str:
    """The rule's sentence in the language of whoever wrote the text."""
    with translation.override(case.author.language if case.author else None):
        return str(STANDARD_WORDS[reason])


def settle(case: Case, decision: Decision) -> None:
    """Closes the case and its reports, unless somebody else still has to say something. Nobody has it open any more."""
    taking.put_back(case)
    if decision.what in GOES_ON:
        if case.closed_at is not None:
            case.opened_at, case.closed_at = clock.now(), None
        cases.weigh(case, more=ASKED_WEIGHT if decision.what in {What.ASK, What.ESCALATE} else 0)
        if decision.what == What.ESCALATE:
            Case.objects.filter(pk=case.pk).update(level=rules.level_of(decision.by) + 1)
        if decision.what == What.PARK:
            Case.objects.filter(pk=case.pk).update(due_at=clock.now() + PARKED_FOR)
        return
    Case.objects.filter(pk=case.pk).update(closed_at=Now(), report_count=0, level=Level.ANYBODY)
    appeals.answer(case, decision)
    upheld = decision.what in AGAINST
    if case.reports.filter(handled_at=None).update(handled_at=Now(), upheld=upheld):
        happened("reports decided", decision.pk)
