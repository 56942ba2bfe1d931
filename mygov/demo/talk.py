"""Conversations: who says what when, who votes, and what moderators do, all through the public verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import translation

from commons.comments import moderating, voting, writing
from commons.comments.models import Comment
from commons.comments.screening import Finding
from commons.people.models import User
from mygov.demo import desk
from mygov.demo.country import Country
from mygov.demo.plan import Plan
from mygov.demo.texts import Said

if TYPE_CHECKING:
    from mygov.demo.scenes import Scene

STANCES = {"for": Comment.Stance.FOR, "against": Comment.Stance.AGAINST}
HELD_WORDS = "It may show somebody's personal data. A moderator looks at it first."


class Talk:
    """The conversation of one scene. `answered` keeps which comments were marked for which answer."""

    def __init__(self, country: Country, plan: Plan, scene: Scene) -> None:
        self.country, self.plan, self.scene = country, plan, scene
        self.rng = plan.rng
        self.named: dict[str, User] = {}
        self.spoke: dict[int, int] = {}
        self.answered: dict[str, list[Comment]] = {}
        self.newest: dict[str, datetime] = {}  # when the last of them is written

    def plan_all(self, roots: list[Said], first: datetime, last: datetime, anchor: Callable[[], str] = str) -> None:
        """Roots in the file's order, many in the first days and fewer later; replies soon after what they answer.

        `anchor` names what in the activity they hang on, once that is known.
        """
        shares = sorted(self.rng.random() ** 1.25 for _root in roots)
        for root, share in zip(roots, shares, strict=True):
            moment = self.plan.waking(first + timedelta(minutes=20) + (last - first) * share)
            self.plan_one(root, None, min(moment, last), last, anchor, [])

    def plan_one(
        self,
        said: Said,
        parent: list[Comment] | None,
        moment: datetime,
        last: datetime,
        anchor: Callable[[], str],
        heard: list[User],
    ) -> datetime:
        """Plans one comment and those below it; answers with the moment of the last.

        `parent` is a box that will hold the comment when it is there.
        """
        author = self.author_of(said, heard)
        heard.append(author)
        box: list[Comment] = []
        votes = self.votes_on(said)
        moment = newest = self.plan.at(
            moment, lambda: self.say(said, author, votes, parent, box, anchor), tracked=False
        )
        if key := said.tags.get("answer"):
            self.newest[key] = max(moment, self.newest.get(key, moment))
        for reply in said.replies:
            pause = timedelta(minutes=8 + self.rng.expovariate(1 / 420))
            later = self.plan.waking(moment + pause)
            share = self.rng.uniform(0.2, 0.9)
            if later > last:
                later = moment + (last - moment) * share
            newest = max(newest, self.plan_one(reply, box, later, last, anchor, heard))
        if said.tags.keys() & {"hidden", "held", "removed", "reported"}:  # when those who replied have done so
            later = self.plan.waking(newest + timedelta(hours=self.rng.uniform(1, 9)))
            reporters = self.rng.sample(self.country.citizens, self.rng.randint(1, 3))
            self.plan.at(later, lambda: self.not_like_this(said, author, box[0], reporters))
        return newest

    def author_of(self, said: Said, heard: list[User]) -> User:
        """Whoever the file names; else somebody who writes that language and has not spoken much here."""
        name = said.tags.get("by", "")
        if "official" in said.tags:
            return self.scene.author
        if name in self.country.cast:
            return self.country.cast[name]
        if name == "root":
            return heard[0]
        if name in self.named:
            return self.named[name]
        busy = {person.pk for person in heard}
        free = [p for p in self.country.crowd[said.language] if p.pk not in busy and self.fits(p, said.tags)]
        if not free:
            raise ValueError(f"nobody is left who could say {said.text[:60]!r}")
        person = min(self.rng.sample(free, min(6, len(free))), key=lambda p: self.spoke.get(p.pk, 0))
        for spoke in (self.spoke, self.country.spoke):
            spoke[person.pk] = spoke.get(person.pk, 0) + 1
        if name:
            self.named[name] = person
        return person

    def fits(self, person: User, tags: dict[str, str]) -> bool:
        """Whether this person could have written what says where, or as whom, it was written."""
        facts = self.scene.facts
        gender = next((sign for sign in ("f", "m") if sign in tags), None)
        return (
            (gender is None or self.country.genders[person.pk] == gender)
            and ("in" not in tags or (person.state is not None and person.state.iso_code == f"IN-{tags['in']}"))
            and (not facts.get("members_only") or person.pk in self.country.members[facts["group"]])
        )

    def votes_on(self, said: Said) -> list[tuple[User, int]]:
        """As many as the file says; else a few for most, and many for some."""
        up, down = said.up, said.down
        if up is None:
            up = min(int(self.rng.lognormvariate(0.9, 0.8)), 60)
            down = int(up * self.rng.betavariate(1.3, 6) + self.rng.random() * 0.8)
        voters = self.rng.sample(self.country.citizens, up + down)
        return [(person, 1 if number < up else -1) for number, person in enumerate(voters)]

    # -- acts -------------------------------------------------------------------------------
    def say(
        self, said: Said, author: User, votes: list[tuple[User, int]], parent: list[Comment] | None,
        box: list[Comment], anchor: Callable[[], str],
    ) -> None:  # fmt: skip
        activity = self.scene.discussion
        stance = next((value for sign, value in STANCES.items() if sign in said.tags), Comment.Stance.NEUTRAL)
        with translation.override(said.language):
            comment = writing.write(
                activity, author, said.text, parent=parent[0] if parent else None, stance=stance, anchor=anchor(),
                as_institution=activity.institution if "official" in said.tags else None,
            )  # fmt: skip
        if comment.state != Comment.State.VISIBLE:
            raise ValueError(f"held by the rules: {said.text[:60]!r}: {comment.state_words}")
        box.append(comment)
        if "pinned" in said.tags:
            writing.pin(comment, author, pinned=True)
        if key := said.tags.get("answer"):
            self.answered.setdefault(key, []).append(comment)
        for person, value in votes:
            voting.vote(comment.pk, person.pk, value)

    def not_like_this(self, said: Said, author: User, comment: Comment, reporters: list[User]) -> None:
        """What other readers, a moderator, or its author do about it."""
        reporters = [person for person in reporters if person != author]
        if code := said.tags.get("reported"):
            desk.report(comment, reporters, code)
        elif code := said.tags.get("hidden"):
            desk.report(comment, reporters, code)
            desk.rule(comment, self.country.cast["mod"], desk.What.HIDE, code)
        elif code := said.tags.get("held"):
            moderating.hold(comment, [Finding(code, HELD_WORDS)])
        else:
            writing.remove(comment, author)
