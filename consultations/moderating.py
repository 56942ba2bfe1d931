"""What a moderator's decision does to a response. Who may decide, and why, is mygov.moderation's.

Officials count and answer a response whether others see it or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from commons.audit.events import happened
from commons.audit.record import record
from commons.comments.counting import lock_activity, lock_person_in
from consultations.models import Annotation
from consultations.models.response import Standing
from consultations.responding import count, count_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commons.comments.screening import Finding
    from commons.people.models import User
    from consultations.models import Submission

    type Response = Annotation | Submission


def lock(row: Response) -> Response:
    """The response as it is now, locked behind its person and its consultation, as whoever changes it locks them."""
    lock_person_in(row.activity_id, row.author_id)
    lock_activity(row.activity_id)
    return type(row).objects.select_for_update(no_key=True).get(pk=row.pk)  # type: ignore[return-value]


@transaction.atomic
def hold(row: Response, findings: Sequence[Finding]) -> None:
    """Takes a response out of sight until a moderator has looked."""
    words = " ".join(finding.words for finding in findings)
    if move(row, Standing.HELD, {Standing.VISIBLE}, findings[0].code, words):
        record("response.hold", row, by=None, words=words, activity_id=row.activity_id)
        happened("annotation held" if isinstance(row, Annotation) else "submission held", row.pk, because=findings)


@transaction.atomic
def hide(row: Response, by: User, reason: str, words: str) -> bool:
    """Hides it with a reason code and words its author will read. False when it already was."""
    moved = move(row, Standing.HIDDEN, {Standing.VISIBLE, Standing.HELD}, reason, words)
    if moved:
        record("response.hide", row, by=by, words=words, after={"reason": reason}, activity_id=row.activity_id)
        happened("annotation hidden" if isinstance(row, Annotation) else "submission hidden", row.pk)
    return moved


@transaction.atomic
def restore(row: Response, by: User, words: str = "") -> bool:
    """Shows it (again). False when it already is shown, or its author took it back."""
    moved = move(row, Standing.VISIBLE, {Standing.HELD, Standing.HIDDEN}, "", "")
    if moved:
        record("response.restore", row, by=by, words=words, activity_id=row.activity_id)
        happened("annotation restored" if isinstance(row, Annotation) else "submission restored", row.pk)
    return moved


@transaction.atomic
def put_back(row: Response, by: User, before: dict[str, Any]) -> None:
    """To what it was before a decision that is taken back."""
    if move(row, before["state"], {row.state}, before["state_reason"], before["state_words"]):
        record("response.put_back", row, by=by, after={"state": before["state"]}, activity_id=row.activity_id)
        if before["state"] == Standing.HELD:
            happened("annotation held" if isinstance(row, Annotation) else "submission held", row.pk)
        else:
            happened("annotation restored" if isinstance(row, Annotation) else "submission restored", row.pk)


def move(row: Response, to: str, allowed: set[str], reason: str, words: str) -> bool:
    """One state to another, with the counters."""
    current = lock(row)
    if current.state not in allowed:
        return False
    was_visible = current.state == Standing.VISIBLE
    type(row).objects.filter(pk=row.pk).update(state=to, state_reason=reason, state_words=words)
    row.state, row.state_reason, row.state_words = to, reason, words
    if was_visible != (to == Standing.VISIBLE):
        difference = -1 if was_visible else +1
        if isinstance(current, Annotation):
            count(current, difference)
        else:
            count_person(row.activity_id, row.author_id, difference, submission=row.pk)
    return True
