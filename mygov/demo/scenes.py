"""The discussions of the demo, each told from two files: facts (`school-meals.toml`), conversation (`school-meals.txt`)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from commons.activities import ledger, lifecycle
from commons.activities.models import Activity, Outcome
from commons.directory.models import Post, Region, Sector
from discussions.models import Discussion
from mygov.demo import texts
from mygov.demo.country import Country
from mygov.demo.plan import CLOSING, Plan
from mygov.demo.talk import Talk

AUTHOR, APPROVER = Post.Role.AUTHOR, Post.Role.APPROVER

FORUM = ("is_forum", "sponsors_needed", "acknowledge_at", "answer_at", "hearing_at")


class Scene:
    """One discussion, from its first draft to where it stands today."""

    def __init__(self, country: Country, plan: Plan, name: str, facts: dict[str, Any] | None = None) -> None:
        self.country, self.plan, self.facts = country, plan, facts or texts.facts(name)
        self.institution = country.institutions[self.facts["institution"]]
        self.author = country.official(self.institution, AUTHOR)
        self.approver = country.official(self.institution, APPROVER)
        self.discussion: Any  # a kind of activity: what `blank` makes
        self.opened = plan.day(self.facts["opened"])
        self.closes = plan.day(self.facts["closes"], CLOSING) if "closes" in self.facts else None
        self.talk = Talk(country, plan, self)
        self.tell(name)

    def tell(self, name: str) -> None:
        """Plans everything the facts speak of."""
        facts, at, day = self.facts, self.plan.at, self.plan.day
        visible = min(self.opened, day(facts.get("published", facts["opened"])))
        at(visible - timedelta(days=4, hours=2), self.write)
        if facts.get("state") == "draft":
            return
        if note := facts.get("returned"):
            at(visible - timedelta(days=3), self.submit)
            at(visible - timedelta(days=2, hours=5), lambda: lifecycle.return_to_author(self.now, self.approver, note))
        at(visible - timedelta(days=1, hours=1), self.submit)
        if facts.get("state") == "in_review":
            return
        at(visible, self.publish)
        script = texts.TEXTS / f"{name}.txt"
        if script.exists():
            last = min(self.closes or self.plan.newest, self.plan.newest)
            if "withdrawn" in facts:
                last = min(last, day(facts["withdrawn"]["at"]))
            self.talk.plan_all(texts.conversation(script.read_text(encoding="utf-8")), self.opened, last)
        for change in facts.get("change", []):
            at(day(change["at"]), partial(self.change, change))
        for key, answer in facts.get("answer", {}).items():
            when = max(day(answer["at"]), self.talk.newest[key] + timedelta(hours=5))
            at(when, partial(self.answer, key, answer))
        if "outcome" in facts:
            at(day(facts["outcome"]["at"]) - timedelta(days=2), self.write_outcome)
            at(day(facts["outcome"]["at"]), lambda: lifecycle.publish_outcome(self.now.outcome, self.approver))
        if "withdrawn" in facts:
            reason = facts["withdrawn"]["reason"]
            at(day(facts["withdrawn"]["at"]), lambda: lifecycle.withdraw(self.now, self.approver, reason))

    @property
    def now(self) -> Any:
        """The activity as it stands in the database."""
        return type(self.discussion).objects.select_related("institution", "group").get(pk=self.discussion.pk)

    def blank(self, **shared: Any) -> Activity:
        """The row with what all kinds share, and with its own."""
        return Discussion(
            **shared, conversation=self.facts.get("conversation", Activity.Conversation.THREAD),
            comment_limit=self.facts.get("comment_limit", 1000),
            **{name: self.facts[name] for name in FORUM if name in self.facts},
        )  # fmt: skip

    # -- acts -------------------------------------------------------------------------------
    def write(self) -> None:
        facts = self.facts
        closes = self.closes and self.country.past.planned(self.closes)
        promise_by = self.plan.day(facts["promise_by"], CLOSING) if "promise_by" in facts else None
        if promise_by and self.closes and closes:
            promise_by += closes - self.closes  # an answer is promised for later than the close, however far that is
        self.discussion = self.blank(
            institution=self.institution, group=self.country.groups.get(facts.get("group", "")), slug=facts["slug"],
            **{name: texts.both(facts[name]) for name in ("title", "summary", "body", "promise")},
            promise_by=promise_by, closes_at=closes,
            opens_at=self.opened if self.opened > self.plan.newest else None,
            members_only=facts.get("members_only", False),
        )  # fmt: skip
        lifecycle.write(self.discussion, self.author)
        self.discussion.sectors.set(Sector.objects.filter(slug__in=facts.get("sectors", [])))
        self.discussion.regions.set(Region.objects.filter(level="state", lgd_code__in=facts.get("regions", [])))

    def submit(self) -> None:
        lifecycle.submit_for_review(self.now, self.author)

    def publish(self) -> None:
        lifecycle.publish(self.now, self.approver)
        lifecycle.announce_phases()
        self.discussion = self.now  # from here on people talk in it

    def change(self, change: dict[str, Any]) -> None:
        """Extends, or revises a text; both stand in the public change log with their reason."""
        if "closes" in change:
            later = self.plan.day(change["closes"], CLOSING)
            lifecycle.extend(self.now, self.approver, later, change["reason"])
            return
        revised = self.now
        for name in ("title", "summary", "body", "promise"):
            if name in change:
                setattr(revised, name, texts.both(change[name]))
        lifecycle.revise(revised, self.approver, change["reason"])

    def answer(self, key: str, answer: dict[str, Any]) -> None:
        """One disposition for the selection marked with `key`, in the language each was written in."""
        due = answer.get("due")
        for number, language in enumerate(("en", "hi")):
            lines = [c.contribution for c in self.talk.answered.get(key, []) if c.language == language]
            if lines:
                ledger.answer(
                    lines, by=self.author, standing=answer["standing"], reason=answer.get("reason", ""),
                    words=answer["words"][number], link=answer.get("link", ""),
                    referred_to=self.country.institutions.get(answer.get("referred_to", "")),
                    due=self.plan.day(due).date() if due is not None else None,
                )  # fmt: skip

    def write_outcome(self) -> None:
        outcome = self.facts["outcome"]
        lifecycle.write_outcome(
            Outcome(activity=self.discussion, headline=texts.both(outcome["headline"]), body=texts.both(outcome["body"])),
            self.author,
        )  # fmt: skip
