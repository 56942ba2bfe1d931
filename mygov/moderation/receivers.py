"""What moderation hears from below: a text that is about to show, one that was held, one that was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from commons.audit.events import happening
from commons.comments.models import Comment
from commons.comments.screening import Finding, asked
from discussions.models import Idea
from mygov.moderation import cases, screening

if TYPE_CHECKING:
    from commons.people.models import User

HELD = {"comment held": Comment, "idea held": Idea}
TAKEN_BACK = {"comment removed": Comment}


@receiver(asked)
def answer(sender: Any, text: str, person: User, masked: set[str], row: Any, **kwargs: Any) -> list[Finding]:
    return screening.screen(text, person, masked, row)


@receiver(happening)
def follow(sender: Any, name: str, ids: tuple[int, ...], **kwargs: Any) -> None:
    """In the transaction of the act: no text is held without a case, and no case outlives its text."""
    if name in HELD:
        for target in HELD[name].objects.filter(pk__in=ids):  # type: ignore[attr-defined]
            cases.open_case(target, target.state_reason)
    if name in TAKEN_BACK:
        for target in TAKEN_BACK[name].objects.filter(pk__in=ids):
            cases.close_of(target)
