"""The open forum's ideas: brought, sponsored, let through, supported, answered or laid down.

The facts are in `texts/ideas.toml`. Where an idea ends is its `end`: none for an open one, else a state and what that
step needs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone, translation

from commons.activities import ledger
from commons.directory.models import Region, Sector
from commons.people.models import User
from discussions import idea_answers, idea_author, idea_steps, ideas
from discussions.models import Idea, IdeaResponse, ResponsePoint
from mygov.demo import desk, texts
from mygov.demo.plan import IST
from mygov.demo.scenes import Scene

CLOCKS = ("closes_at", "acknowledge_due", "answer_due")


def plan_ideas(scene: Scene) -> None:
    """Plans everything that happens to the ideas of the scene's forum."""
    for facts in texts.facts("ideas")["idea"]:
        IdeaScene(scene, facts).tell()


class IdeaScene:
    """One idea from the day it is brought."""

    def __init__(self, scene: Scene, facts: dict[str, Any]) -> None:
        self.scene, self.facts, self.plan, self.country = scene, facts, scene.plan, scene.country
        self.language = texts.language_of(facts["title"] + facts["ask"])
        self.end, *self.with_words = facts.get("end", ["open"])
        spoke = self.country.spoke
        tags = {facts["writer"]: ""} if "writer" in facts else {}
        fitting = [person for person in self.country.crowd[self.language] if scene.talk.fits(person, tags)]
        quiet = sorted(fitting, key=lambda person: (spoke.get(person.pk, 0), person.pk))
        self.author: User = self.country.cast.get(facts.get("by", ""), quiet[0])
        spoke[self.author.pk] = spoke.get(self.author.pk, 0) + 1
        others = [person for person in self.country.citizens if person != self.author]
        self.supporters = scene.plan.rng.sample(others, facts["support"])
        self.pk = 0

    def tell(self) -> None:
        facts, at, day = self.facts, self.plan.at, self.plan.day
        brought = at(day(facts["at"], time(18, 20)), self.bring)
        needed = self.scene.facts["sponsors_needed"]
        sponsored = at(brought + timedelta(days=1, hours=3), lambda: self.support(self.supporters[:needed]))
        opened = sponsored + timedelta(hours=14)
        if len(self.supporters) >= needed and self.end != "sponsored":
            at(opened, self.moderate)
        early = len(self.supporters) // 2 if "earned" in facts else len(self.supporters)
        at(opened + timedelta(hours=9), lambda: self.support(self.supporters[needed:early]))
        if "earned" in facts:
            at(day(facts["earned"]), lambda: self.support(self.supporters[early:]))
        if "talk" in facts:
            last = day(facts["earned"]) if "earned" in facts else min(opened + timedelta(days=20), self.plan.newest)
            roots = texts.conversation(facts["talk"])
            self.scene.talk.plan_all(roots, opened, last, lambda: f"idea-{self.pk}")
        for name in ("acknowledged", "referred", "answered"):
            if name in facts:
                at(day(facts[name]["at"]), partial(getattr(self, name), facts[name]))
        if self.end == "retired":
            at(opened + timedelta(days=8), lambda: idea_author.retire(self.now, self.author, *self.with_words))
        elif self.end == "hidden":
            at(brought + timedelta(hours=15), self.hide)
        elif self.end == "stopped":
            step = [Idea.State.PENDING], "idea stopped", None
            at(brought + timedelta(days=90), lambda: idea_steps.step(self.now, *step, state=Idea.State.STOPPED))

    @property
    def now(self) -> Idea:
        return Idea.objects.select_related("activity__institution", "institution", "contribution").get(pk=self.pk)

    def in_its_time(self, act: Callable[[], object]) -> None:
        """Does something that may start an idea's clocks: they count from the real today, and are set to the story's."""
        before = self.now
        act()
        after = self.now
        late = timezone.now() - self.country.past.now
        late_days = timezone.now().astimezone(IST).date() - self.country.past.now.astimezone(IST).date()
        started = {
            name: value - (late if name == "closes_at" else late_days)
            for name in CLOCKS
            if (value := getattr(after, name)) and value != getattr(before, name)
        }
        if started:
            Idea.objects.filter(pk=self.pk).update(**started)

    # -- acts -------------------------------------------------------------------------------
    def bring(self) -> None:
        facts = self.facts
        with translation.override(self.language):
            idea = ideas.bring(
                self.scene.discussion, self.author, title=facts["title"], ask=facts["ask"],
                detail=facts.get("detail", ""), sector=Sector.objects.filter(slug=facts.get("sector")).first(),
                region=Region.objects.filter(level="state", lgd_code=facts.get("region", 0)).first(),
            )  # fmt: skip
        self.pk = idea.pk

    def support(self, people: list[User]) -> None:
        for person in people:
            ideas.support(self.pk, person.pk, wanted=True)
        self.in_its_time(ideas.fold)

    def moderate(self) -> None:
        """Whoever found sponsors comes before a moderator, who opens it or does what its end says."""
        what = {"flagged": desk.What.FLAG, "dormant": desk.What.PARK, "rejected": desk.What.REJECT}.get(self.end)
        reason, words = ("", *self.with_words)[-2:] if what else ("", "")
        moderator = self.country.cast["mod"]
        self.in_its_time(lambda: desk.rule(self.now, moderator, what or desk.What.APPROVE, reason, words))

    def hide(self) -> None:
        """Somebody reports it, and a moderator hides it."""
        reason, words = self.with_words
        desk.report(self.now, [self.country.cast["bilal"]], reason)
        desk.rule(self.now, self.country.cast["mod"], desk.What.HIDE, reason, words)

    def acknowledged(self, said: dict[str, Any]) -> None:
        idea_answers.acknowledge(self.now, self.scene.author, said["words"])

    def referred(self, said: dict[str, Any]) -> None:
        idea_answers.refer(self.now, self.scene.author, self.country.institutions[said["to"]], said["words"])

    def answered(self, said: dict[str, Any]) -> None:
        """Written by one official, published by another; and what became of the idea is entered in the ledger."""
        response = IdeaResponse(idea=self.now, summary=said["summary"], details=said["details"].strip())
        idea_answers.write_response(response, self.scene.author)
        for point, answer in said["points"]:
            ResponsePoint.objects.create(response=response, point=point, answer=answer)
        idea_answers.publish_response(response, self.scene.approver)
        ledger.answer([self.now.contribution], by=self.scene.author, standing=said["standing"], words=said["summary"])
