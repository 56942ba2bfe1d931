"""What becomes of texts that should not stand: people report them, and a moderator decides at the desk."""

from __future__ import annotations

from commons.comments.models import Comment
from commons.people.models import User
from discussions.models import Idea
from mygov.moderation import reporting
from mygov.moderation.deciding import decide
from mygov.moderation.models import Case, Decision
from mygov.moderation.models.case import due

What = Decision.What


def report(target: Comment | Idea, people: list[User], reason: str) -> None:
    """Each of these people reports it."""
    for person in people:
        reporting.report(target, person, reason)


def rule(target: Comment | Idea, moderator: User, what: str, reason: str = "", words: str = "") -> None:
    """The moderator decides the text's case as it stands."""
    case = Case.objects.get(**{"comment" if isinstance(target, Comment) else "idea": target})
    decide(case, moderator, what, seen=case.turn, reason=reason, words=words)


def due_in_story() -> None:
    """A case is due some hours after it was opened; those hours were counted from the real now."""
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(due_at=due(case.opened_at, case.weight))
