"""What becomes of texts that should not stand: people report them, and a moderator decides at the desk."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from django.utils import translation

from commons.comments import moderating, voting, writing
from commons.comments.models import Comment, CommentVote
from commons.comments.screening import Finding
from commons.integrity import checking, finding
from commons.integrity.models import Cluster
from commons.integrity.traces import Trace, hashed
from commons.people.models import User
from discussions.models import Idea
from mygov.moderation import appeals, reporting
from mygov.moderation.deciding import decide
from mygov.moderation.models import Case, Decision
from mygov.moderation.models.case import due
from polls import standing
from polls import voting as ballots
from polls.models import Poll

if TYPE_CHECKING:
    from mygov.demo.country import Country
    from mygov.demo.plan import Plan
    from mygov.demo.scenes import Scene

What = Decision.What
DOUBTED = 22  # comments of the last days that somebody reports, most of them wrongly
REASONS = ("off_topic",) * 6 + ("duplicate",) * 4 + ("offence",) * 3 + ("spam", "impersonation", "illegal")
# Held as soon as they are written: text, rule, what the rule found.
HELD = (
    ("Earn 40,000 a month from home, ask me how.", "spam", "It advertises something in three links."),
    ("घर बैठे पैसे कमाएँ, आज ही फ़ोन करें।", "spam", "तीन लिंक में कुछ बेचता है।"),
    ("The headmaster of our school is a thief, everybody in the village knows it.", "offence", "It contains “thief”."),
    ("मेरी पेंशन छह महीने से नहीं आई, खाता संख्या लिख रही हूँ, कोई देख ले।", "illegal", "इसमें निजी संख्या थी।"),
)


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


def ballots_of_one_hand(people: list[User], moderator: User) -> None:
    """The same in two polls: in the one a moderator looks at it, in the other everybody reads that it is checked."""
    for number, slug in enumerate(("library-hours", "clinic-services")):
        poll = Poll.objects.get(slug=slug)
        voters, options = set(poll.ballots.values_list("voter", flat=True)), list(poll.options.all())
        trace = Trace(hashed("network", f"demo ballots {number}"), hashed("device", f"demo ballots {number}"))
        for person in [person for person in people if person.pk not in voters][:10]:
            ballots.vote(poll, options, person, {2: 1}, trace=trace)
    found = {cluster.activity.slug: cluster for cluster in finding.find(standing.KIND)}
    words = "Ten votes in one browser within a second; we ask these people whether they voted."
    checking.decide(found["clinic-services"], moderator, Cluster.State.ASIDE, seen=Cluster.State.PROPOSED, words=words)


def due_in_story() -> None:
    """A case is due some hours after it was opened; those hours were counted from the real now."""
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(due_at=due(case.opened_at, case.weight))


def plan_what_waits(country: Country, plan: Plan, scene: Scene) -> None:
    """What came before moderators in the last days: held, reported rightly and wrongly, handed up, appealed against.

    Draws from its own chance, so that the rest of the country stays as it is.
    """
    rng = Random(1950)
    for number, held in enumerate(HELD):
        plan.at(
            plan.newest - timedelta(hours=3 + 7 * number), partial(write_and_hold, country, scene, *held), tracked=False
        )
    for _number in range(DOUBTED):
        plan.at(plan.newest - timedelta(hours=rng.uniform(0.5, 40)), partial(doubt, country, rng))
    plan.at(plan.newest - timedelta(hours=2), partial(hand_up, country))
    plan.at(plan.newest - timedelta(hours=5), partial(appealed, country, scene))


def write_and_hold(country: Country, scene: Scene, text: str, code: str, found: str) -> None:
    language = "hi" if text[0] > "z" else "en"
    author = next(p for p in country.crowd[language] if not p.comments.filter(activity=scene.discussion).exists())
    with translation.override(language):
        comment = writing.write(scene.discussion, author, text)
    moderating.hold(comment, [Finding(code, found)])


def doubt(country: Country, rng: Random) -> None:
    """Somebody reports a comment that can be seen."""
    free = Comment.objects.visible().filter(case=None, as_institution=None).exclude(author=None).order_by("-pk")[:150]
    comment = rng.choice(list(free))
    others = [person for person in country.citizens if person.pk != comment.author_id]
    report(comment, rng.sample(others, rng.choice((1, 1, 1, 2))), rng.choice(REASONS))


def hand_up(country: Country) -> None:
    """The moderator is not sure, and asks an administrator."""
    case = Case.objects.waiting().filter(reason="offence").exclude(comment=None).latest("pk")
    decide(case, country.cast["mod"], What.ESCALATE, seen=case.turn, words="Is this a threat, or a figure of speech?")


def hide_and_appeal(scene: Scene, mod: User, author: User, reporter: User, text: str, words: str) -> Decision:
    """The moderator hides what somebody wrote, and its author appeals."""
    comment = writing.write(scene.discussion, author, text)
    report(comment, [reporter], "spam")
    rule(comment, mod, What.HIDE, "spam")
    made = Decision.objects.select_related("case").latest("pk")
    appeals.appeal(made, author, words)
    return made


def appealed(country: Country, scene: Scene) -> None:
    """One appeal waits; the one of asha was granted by another moderator."""
    mod, admin, asha, bilal = (country.cast[name] for name in ("mod", "admin", "asha", "bilal"))
    text = "Who wants to cook for our school should call the committee, we pay 200 rupees a day."
    words = "It is no advertisement. Our committee looks for a cook, and I said so because somebody asked."
    granted = hide_and_appeal(scene, mod, asha, bilal, text, words)
    decide(granted.case, admin, What.RESTORE, seen=1, words="You are right: it answers a question and sells nothing.")
    author = country.crowd["en"][-1]
    text = "I print registers for schools, a hundred pages for sixty rupees, ask me."
    words = "Everybody here asks where to get registers. I answered."
    hide_and_appeal(scene, mod, author, bilal, text, words)
