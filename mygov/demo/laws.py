"""The consultations of the demo, each told from two files: facts (`school-library-rules.toml`) and the text itself."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pgtrigger
from django.utils import translation

from commons.activities import lifecycle
from commons.activities.models import Activity, Outcome
from commons.core import clock
from commons.directory.models import Post
from commons.people.models import User
from consultations import clarifying, drafting, matrix, outline, responding
from consultations.exports import making
from consultations.models import Consultation, Draft, MatrixRow, Step
from mygov.demo import texts
from mygov.demo.country import Country
from mygov.demo.plan import CLOSING, Plan

BOTH = ("title", "summary", "promise", "note", "justification", "essentials", "finances", "impact")


class Law:
    """One consultation, from its first draft to where it stands today."""

    def __init__(self, country: Country, plan: Plan, name: str) -> None:
        self.country, self.plan, self.facts = country, plan, texts.facts(name)
        self.institution = country.institutions[self.facts["institution"]]
        self.author = country.official(self.institution, Post.Role.AUTHOR)
        self.approver = country.official(self.institution, Post.Role.APPROVER)
        self.row: Consultation
        self.opened = plan.day(self.facts["opened"])
        self.closes = plan.day(self.facts["closes"], CLOSING)
        plan.at(self.opened - timedelta(days=5), self.write)
        plan.at(self.opened - timedelta(days=2), lambda: lifecycle.submit_for_review(self.now, self.author))
        plan.at(self.opened, self.publish)
        last = min(self.closes, plan.newest)
        people = plan.rng.sample(country.citizens, 60)
        for said in self.facts.get("said", []):
            for number in range(said["people"]):
                moment = self.opened + timedelta(hours=3) + (last - self.opened) * 0.97 * plan.rng.random()
                plan.at(
                    plan.waking(moment) if moment < last - timedelta(hours=8) else moment,
                    partial(self.respond, said, people.pop(), number),
                    tracked=False,
                )
        for answer in self.facts.get("answered", []):
            plan.at(plan.day(answer["day"]), partial(self.answer, answer))
        if "matrix_at" in self.facts:
            plan.at(self.closes, self.close)
            plan.at(plan.day(self.facts["rows_at"]), self.write_rows)
            plan.at(plan.day(self.facts["matrix_at"]), self.publish_matrix)
            plan.at(
                plan.day(self.facts["final_at"]) - timedelta(hours=2),
                lambda: self.bring_in(self.facts["final"], Draft.Stage.FINAL),
            )
            plan.at(
                plan.day(self.facts["final_at"]),
                lambda: drafting.publish(self.row.drafts.get(stage=Draft.Stage.FINAL), self.approver),
            )

            plan.at(plan.day(self.facts["outcome"]["at"]) - timedelta(hours=2), self.write_outcome)
            plan.at(
                plan.day(self.facts["outcome"]["at"]),
                lambda: lifecycle.publish_outcome(Outcome.objects.get(activity=self.row.pk), self.approver),
            )

    @property
    def now(self) -> Consultation:
        """The consultation as it stands in the database."""
        return Consultation.objects.select_related("institution").get(pk=self.row.pk)

    def write(self) -> None:
        facts, plan = self.facts, self.plan
        closes = self.country.past.planned(self.closes)
        self.row = Consultation(
            institution=self.institution, group=self.country.groups.get(facts.get("group", "")), slug=facts["slug"],
            instrument=facts["instrument"], closes_at=closes, conversation=Activity.Conversation.NONE,
            promise_by=plan.day(facts["promise_by"], CLOSING) + (closes - self.closes),
            **{name: texts.both(facts[name]) for name in BOTH if name in facts},
        )  # fmt: skip
        lifecycle.write(self.row, self.author)
        for step in facts.get("step", []):
            Step.objects.create(consultation=self.row, name=step["name"], day=plan.day(step["day"]).date())
        self.bring_in(facts["text"], Draft.Stage.DRAFT)

    def bring_in(self, name: str, stage: str) -> Draft | None:
        text = (texts.TEXTS / f"{name}.md").read_text(encoding="utf-8")
        proposal = drafting.propose(self.row, outline.read(text))
        return drafting.bring_in(self.now, self.author, proposal, stage=stage, source=f"{name}.md")

    def publish(self) -> None:
        lifecycle.publish(self.now, self.approver)
        lifecycle.announce_phases()
        Step.objects.filter(consultation=self.row, day__lte=self.plan.today).update(
            announced_at=clock.now()
        )  # in its past

    # -- what follows ---------------------------------------------------------------------------
    def clause(self, label: str) -> int:
        return self.row.drafts.get(number=1).wordings.get(label=label).clause_id

    def respond(self, said: dict[str, Any], by: User, number: int) -> None:
        """The same thought in each one's language, with a word of their own."""
        language = "hi" if by in self.country.crowd["hi"] else "en"
        body = said["body"][language == "hi"]
        with translation.override(language):
            responding.respond(
                self.now, self.row.drafts.get(number=1), self.clause(said["at"]), by, stance=said["stance"],
                body=f"{body} {OPENERS[language][number % len(OPENERS[language])]}".strip() if body else "",
                exact=said.get("exact", ""), proposed=said.get("proposed", ""),
            )  # fmt: skip

    def answer(self, said: dict[str, Any]) -> None:
        """What was asked at a clause until now, answered at once."""
        asked = clarifying.questions(self.row).filter(clause=self.clause(said["at"])).values_list("pk", flat=True)
        if asked:
            clarifying.answer(self.now, list(asked), self.author, texts.both(said["words"]))

    def close(self) -> None:
        """The calendar reaches the close, which the verbs were told lies far ahead."""
        # The story's month lasts seconds here, until `Past.settle` moves both ends to their places.
        with pgtrigger.ignore("consultations.GuardedActivity:consultation_guard"):
            Activity.objects.filter(pk=self.row.pk).update(closes_at=clock.now())
        lifecycle.announce_phases()

    def write_rows(self) -> None:
        for facts in self.facts["row"]:
            row = MatrixRow(
                consultation=self.row, clause_id=self.clause(facts["at"]) if "at" in facts else None,
                summary=texts.both(facts["summary"]), response=texts.both(facts["response"]),
                decision=facts["decision"], reason=facts.get("reason", ""),
            )  # fmt: skip
            matrix.write_row(row, self.author)
            quotes = matrix.given(self.row).filter(root=row.clause_id).exclude(body="") if row.clause_id else []
            row.quotes.set(list(quotes)[:2])

    def write_outcome(self) -> None:
        outcome = self.facts["outcome"]
        told = {name: texts.both(outcome[name]) for name in ("headline", "body")}
        lifecycle.write_outcome(Outcome(activity=self.now, **told), self.author)

    def publish_matrix(self) -> None:
        matrix.publish(self.now, self.approver)
        matrix.tell_all()
        making.make_due()


def plan_laws(country: Country, plan: Plan) -> list[Any]:
    return [Law(country, plan, name) for name in LAWS]


LAWS = ("school-library-rules", "village-water-rules")
OPENERS = {
    "en": (
        "",
        "It was so in our block last year.",
        "Please think of small schools and hamlets.",
        "I say this as a parent.",
        "My neighbours say the same.",
    ),
    "hi": (
        "",
        "पिछले साल हमारे यहाँ यही हुआ।",
        "छोटे टोलों का भी ध्यान रखें।",
        "बच्चों के घर में भी यही बात होती है।",
        "मेरे पड़ोसी भी यही कहते हैं।",
    ),
}
