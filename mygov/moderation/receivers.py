"""What moderation hears from below: a text that is about to show, what waits for a decision, what no longer does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from commons.audit.events import happening
from commons.comments.models import Comment
from commons.comments.screening import Finding, asked
from commons.people.models import User
from consultations.models import Annotation, Submission
from discussions.models import Idea
from mygov.moderation import cases, names, screening
from mygov.moderation.models import Name

OPENS = {
    "comment held": Comment, "idea held": Idea, "idea sponsored": Idea, "annotation held": Annotation,
    "submission held": Submission, "name held": Name,
}  # fmt: skip
CLOSES = {
    "comment removed": Comment, "idea lost sponsors": Idea, "idea retired": Idea, "annotation removed": Annotation,
    "name removed": Name,
}  # fmt: skip


@receiver(asked)
def answer(sender: Any, text: str, person: User, masked: set[str], row: Any, **kwargs: Any) -> list[Finding]:
    return screening.screen(text, person, masked, row)


@receiver(happening)
def follow(sender: Any, name: str, ids: tuple[int, ...], because: Sequence[Any] = (), **kwargs: Any) -> None:
    """In the transaction of the act: nothing waits for a moderator without a case, and no case outlives its text."""
    if name in OPENS:
        for target in OPENS[name].objects.filter(pk__in=ids):  # type: ignore[attr-defined]
            cases.open_case(target, target.state_reason, because)
    if name == "name chosen":
        for person in User.objects.filter(pk__in=ids):
            names.chosen(person)
    if name in CLOSES:
        for target in CLOSES[name].objects.filter(pk__in=ids):  # type: ignore[attr-defined]
            cases.close_of(target)
