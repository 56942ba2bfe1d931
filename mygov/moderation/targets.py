"""What a case can be about: for each kind, how it is locked, held, decided, and put back when that is undone.

A new kind is one row here and one column of `Case`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commons.comments import counting, moderating
from commons.comments.models import Comment
from consultations import moderating as responses
from consultations.models import Annotation, Submission
from discussions import idea_steps
from discussions.models import Idea
from mygov.moderation import names
from mygov.moderation.models import Decision, Name

if TYPE_CHECKING:
    from commons.people.models import User
    from mygov.moderation.models.case import Target

What = Decision.What
BACK = ("state", "state_reason", "state_words")  # what a bulk decision keeps, to be taken back


@dataclass(frozen=True)
class Kind:
    """`decide(target, by, what, reason, words)` says whether it changed anything."""

    model: type[Any]
    label: str | Promise
    plural: str | Promise
    lock: Callable[[Any], Any]
    hold: Callable[..., object]
    decide: Callable[[Any, User, str, str, str], bool]
    put_back: Callable[..., object]
    kept: tuple[str, ...] = BACK


def by_verbs(verbs: Any) -> Callable[[Any, User, str, str, str], bool]:
    """For kinds that are shown or hidden, and nothing else."""

    def decide(target: Any, by: User, what: str, reason: str, words: str) -> bool:
        if what in {What.HIDE, What.REMOVE}:
            return bool(verbs.hide(target, by, reason, words))
        return what in {What.APPROVE, What.RESTORE} and bool(verbs.restore(target, by, words))

    return decide


def on_idea(idea: Idea, by: User, what: str, reason: str, words: str) -> bool:
    match what:
        case What.HIDE | What.REMOVE:
            return idea_steps.hide(idea, by, reason, words)
        case What.REJECT:
            return idea_steps.reject(idea, by, reason, words)
        case What.FLAG:
            return idea_steps.flag(idea, by, words)
        case What.PARK:
            return idea_steps.park(idea, by, words)
        case What.APPROVE | What.RESTORE:
            # Whoever shows an idea that has its sponsors opens it as well: nobody has to look a second time.
            shown = idea_steps.restore(idea, by, words)
            return idea_steps.open_up(idea, by) or shown
    return False


def lock_idea(idea: Idea) -> Idea:
    return Idea.objects.select_for_update(of=("self",), no_key=True).get(pk=idea.pk)


KINDS: dict[str, Kind] = {
    "comment": Kind(
        Comment, _("Comment"), _("Comments"), counting.lock_comment, moderating.hold, by_verbs(moderating),
        moderating.put_back, (*BACK, "pinned_at"),
    ),
    "idea": Kind(
        Idea, _("Idea"), _("Ideas"), lock_idea, idea_steps.hold, on_idea, idea_steps.put_back,
        (*BACK, "opened_at", "closes_at"),
    ),
    "annotation": Kind(
        Annotation, _("Response to a clause"), _("Responses to a clause"), responses.lock, responses.hold,
        by_verbs(responses), responses.put_back,
    ),
    "submission": Kind(
        Submission, _("Response to the whole text"), _("Responses to the whole text"), responses.lock, responses.hold,
        by_verbs(responses), responses.put_back,
    ),
    "name": Kind(Name, _("Name"), _("Names"), names.lock, names.hold, by_verbs(names), names.put_back),
}  # fmt: skip


def kind_of(target: Target) -> str:
    """The name of a target's kind, which is also the column of `Case` that points at it."""
    return next(name for name, kind in KINDS.items() if isinstance(target, kind.model))
