"""What an idea's author can still do with it: lay it down, and write to those who support it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.moments import ist
from commons.core.personal_numbers import mask
from discussions import idea_steps
from discussions.models import Idea, IdeaNotice

if TYPE_CHECKING:
    from commons.people.models import User

BETWEEN_NOTICES = timedelta(days=3)


def retire(idea: Idea, by: User, reason: str, words: str, better: Idea | None = None) -> bool:
    """Its author lays it down; supporters are told, and may support `better` instead. PermissionDenied for others."""
    if idea.author_id != by.pk:
        raise PermissionDenied
    if better is not None and better.pk == idea.pk:
        raise ValidationError({"better": _("That is this idea.")})
    allowed = [Idea.State.PENDING, Idea.State.SPONSORED, Idea.State.FLAGGED, Idea.State.DORMANT, Idea.State.OPEN]
    words, _found = mask(clean_text(words))
    return idea_steps.step(
        idea, allowed, "idea retired", by, words,
        state=Idea.State.RETIRED, state_reason=reason, state_words=words, better=better,
    )  # fmt: skip


@transaction.atomic
def tell_supporters(idea: Idea, by: User, words: str) -> IdeaNotice:
    """A notice to everybody who supports it. The idea's row lock lets two at once find each other."""
    if idea.author_id != by.pk:
        raise PermissionDenied
    words, _found = mask(clean_text(words))
    if not words:
        raise ValidationError({"words": _("Write something first.")})
    Idea.objects.select_for_update(of=("self",), no_key=True).get(pk=idea.pk)
    newest = idea.notices.first()
    if newest and clock.now() < newest.at + BETWEEN_NOTICES:
        again = ist(newest.at + BETWEEN_NOTICES)
        raise ValidationError({"words": _("The next notice can be sent from %(when)s.") % {"when": again}})
    notice = IdeaNotice.objects.create(idea=idea, words=words)
    happened("idea notice", notice.pk)
    return notice
