"""What the institution does with an idea: says who looks at it, hands it on, answers it in writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import ledger
from commons.activities.models import Contribution
from commons.audit.events import happened
from commons.audit.record import record
from commons.directory.rules import OFFICIAL, Role, holds
from discussions.models import Idea, IdeaResponse

if TYPE_CHECKING:
    from commons.directory.models import Institution
    from commons.people.models import User


@transaction.atomic
def acknowledge(idea: Idea, by: User, words: str) -> None:
    """An officer says who looks at it. Raises PermissionDenied for others, ValidationError without words; twice is once."""
    if not holds(by, idea.institution, *OFFICIAL):
        raise PermissionDenied
    if not words.strip():
        raise ValidationError({"words": _("Say who looks at it and what happens next.")})
    if Idea.objects.filter(pk=idea.pk, acknowledged_at=None).update(acknowledged_at=Now()):
        ledger.dispose([idea.contribution], by=by, standing=Contribution.Standing.READ, words=words)
        record("idea.acknowledge", idea, by=by, words=words)


@transaction.atomic
def refer(idea: Idea, by: User, to: Institution, words: str) -> None:
    """Hands it to the institution it belongs to. The trail stays in the ledger, and the clock goes on."""
    if not holds(by, idea.institution, *OFFICIAL):
        raise PermissionDenied
    if to.pk == idea.institution_id:
        raise ValidationError({"to": _("It is there already.")})
    if not words.strip():
        raise ValidationError({"words": _("Say why it belongs there.")})
    before = idea.institution
    Idea.objects.filter(pk=idea.pk).update(institution=to)
    idea.institution = to
    ledger.dispose([idea.contribution], by=by, standing=Contribution.Standing.REFERRED, words=words, referred_to=to)
    record("idea.refer", idea, by=by, words=words, before={"institution": before.code}, after={"institution": to.code})


@transaction.atomic
def write_response(response: IdeaResponse, by: User) -> None:
    """Saves the written answer as a draft; its author is whoever wrote last, and somebody else publishes it.

    Raises PermissionDenied outside the institution, ValidationError once it is published.
    """
    idea = locked(response)
    if not holds(by, idea.institution, *OFFICIAL):
        raise PermissionDenied
    if response.pk and IdeaResponse.objects.get(pk=response.pk).published_at:
        raise ValidationError(_("A published answer stays as it is."))
    response.author = by
    response.save()
    record("idea.answer_draft", response, by=by, activity_id=idea.activity_id)


def locked(response: IdeaResponse) -> Idea:
    """The idea's own row: whoever writes and whoever publishes its answer wait for one another."""
    known = Idea.objects.select_for_update(of=("self",), no_key=True).select_related("institution")
    return known.get(pk=response.idea_id)


@transaction.atomic
def publish_response(response: IdeaResponse, by: User) -> None:
    """The written answer, published by an approver who did not write it; twice is once."""
    idea = locked(response)
    if not holds(by, idea.institution, Role.APPROVER):
        raise PermissionDenied
    if IdeaResponse.objects.get(pk=response.pk).author_id == by.pk:
        raise ValidationError(_("Somebody else has to approve what you wrote."))
    moved = IdeaResponse.objects.filter(pk=response.pk, published_at=None).update(approver=by, published_at=Now())
    if moved:
        Idea.objects.filter(pk=idea.pk).update(answered_at=Now())
        record("idea.answer", idea, by=by)
        happened("idea answered", idea.pk)
