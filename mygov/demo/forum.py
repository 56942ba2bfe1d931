"""The open forum's ideas: brought, sponsored, supported, answered or laid down. The facts are in `texts/ideas.toml`."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.utils import translation

from commons.directory.models import Region, Sector
from commons.people.models import User
from discussions import idea_answers, idea_author, idea_steps, ideas
from discussions.idea_steps import ACKNOWLEDGE_WITHIN, ANSWER_WITHIN
from discussions.models import Idea, IdeaResponse, ResponsePoint
from discussions.models.idea import OPEN_FOR
from mygov.demo import texts
from mygov.demo.scenes import Scene


def plan_ideas(scene: Scene) -> None:
    """Plans everything that happens to the ideas of the scene's forum."""
    for facts in texts.facts("ideas")["idea"]:
        IdeaScene(scene, facts).tell()


class IdeaScene:
    """One idea from the day it is brought."""

    def __init__(self, scene: Scene, facts: dict[str, Any]) -> None:
        self.scene, self.facts, self.plan = scene, facts, scene.plan
        self.country = scene.country
        self.language = texts.language_of(facts["title"] + facts["ask"])
        crowd = self.country.crowd[self.language]
        self.author: User = self.country.cast.get(facts.get("by", ""), scene.plan.rng.choice(crowd))
        others = [person for person in self.country.citizens if person != self.author]
        self.supporters = scene.plan.rng.sample(others, facts["support"])
        self.pk = 0

    def tell(self) -> None:
        facts, at, day = self.facts, self.plan.at, self.plan.day
        brought = at(day(facts["at"], time(18, 20)), self.bring)
        sponsored = brought + timedelta(days=1, hours=3)
        many = facts.get("earned") or (facts["answer"][0] if "answer" in facts else None)
        first = len(self.supporters) if many is None else self.scene.facts["answer_at"] // 2
        at(sponsored, lambda: self.support(self.supporters[:first]))
        if "waits" not in facts:
            at(sponsored + timedelta(hours=20), self.open_up)
        if many is not None:
            at(day(many), lambda: self.support(self.supporters[first:]))
        if "talk" in facts:
            last = day(many) if many is not None else min(sponsored + timedelta(days=20), self.plan.newest)
            roots = texts.conversation(facts["talk"])
            self.scene.talk.plan_all(roots, sponsored, last, lambda: f"idea-{self.pk}")
        if "answer" in facts:
            at(day(facts["answer"][1]), self.answer)
        if "retired" in facts:
            at(sponsored + timedelta(days=8), lambda: idea_author.retire(self.now, self.author, *facts["retired"]))
        if "hidden" in facts:
            moderator = self.country.cast["mod"]
            at(brought + timedelta(hours=15), lambda: idea_steps.hide(self.now, moderator, *facts["hidden"]))

    @property
    def now(self) -> Idea:
        return Idea.objects.select_related("activity__institution", "institution").get(pk=self.pk)

    # -- acts -------------------------------------------------------------------------------
    def bring(self) -> None:
        facts = self.facts
        with translation.override(self.language):
            idea = ideas.bring(
                self.scene.discussion, self.author, title=facts["title"], ask=facts["ask"],
                detail=facts.get("detail", ""), sector=Sector.objects.filter(slug=facts.get("sector")).first(),
                region=Region.objects.filter(level="state", lgd_code=facts.get("region")).first(),
            )  # fmt: skip
        self.pk = idea.pk

    def support(self, people: list[User]) -> None:
        for person in people:
            ideas.support(self.pk, person.pk, wanted=True)
        ideas.fold()
        # The clocks that now run were started from the real today: count the days from the story's.
        today = self.country.past.now.date()
        Idea.objects.filter(pk=self.pk, answer_due__isnull=False).update(answer_due=today + ANSWER_WITHIN)
        Idea.objects.filter(pk=self.pk, acknowledge_due__isnull=False).update(
            acknowledge_due=today + ACKNOWLEDGE_WITHIN
        )

    def open_up(self) -> None:
        """A moderator opens what has its sponsors; six months count from the story's day."""
        if idea_steps.open_up(self.now, self.country.cast["mod"]):
            Idea.objects.filter(pk=self.pk).update(closes_at=self.country.past.now + OPEN_FOR)

    def answer(self) -> None:
        """Written by one official, published by another."""
        facts = self.facts
        response = IdeaResponse.objects.create(
            idea=self.now, summary=facts["summary"], details=facts["details"].strip(), author=self.scene.author
        )
        for point, answer in facts["points"]:
            ResponsePoint.objects.create(response=response, point=point, answer=answer)
        idea_answers.publish_response(response, self.scene.approver)
