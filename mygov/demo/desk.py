"""What becomes of texts that should not stand: people report them, and a moderator decides at the desk."""

from __future__ import annotations

from commons.comments import voting
from commons.comments.models import Comment, CommentVote
from commons.integrity import checking, finding
from commons.integrity.models import Cluster
from commons.integrity.traces import Trace, hashed
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


def votes_of_one_hand(people: list[User], moderator: User) -> None:
    """Two comments get a dozen votes from one browser each, in one moment of now: one is found, one is set aside already."""
    popular = Comment.objects.visible().filter(activity__slug="school-meals", parent=None, as_institution=None)
    for number, comment in enumerate(popular.order_by("-up", "id")[:2]):
        voters = CommentVote.objects.filter(comment=comment).values_list("person", flat=True)
        others = [person for person in people if person.pk != comment.author_id and person.pk not in set(voters)]
        trace = Trace(hashed("network", f"demo {number}"), hashed("device", f"demo {number}"))
        for person in others[:12]:
            voting.vote(comment.pk, person.pk, 1, trace=trace)
    found = sorted(finding.find(voting.KIND), key=lambda cluster: cluster.pk)
    words = "Twelve votes in one browser within a second; we ask these people whether they voted."
    checking.decide(found[-1], moderator, Cluster.State.ASIDE, seen=Cluster.State.PROPOSED, words=words)


def due_in_story() -> None:
    """A case is due some hours after it was opened; those hours were counted from the real now."""
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(due_at=due(case.opened_at, case.weight))
