"""The surveys of the demo, each told from one file: texts, questions with their conditions, and what people answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from django.utils import translation
from i18nfield.strings import LazyI18nString

from commons.activities import ledger, lifecycle
from commons.activities.models import Contribution, Outcome
from commons.directory.models import Region, Sector
from commons.people.models import User
from mygov.demo import texts
from mygov.demo.plan import CLOSING
from mygov.demo.scenes import Scene
from surveys import answering, building, paths
from surveys.admin_forms import ChoicesField
from surveys.answering import Respondent
from surveys.asking import Sheet
from surveys.models import CensusTable, Question, Section, Survey
from surveys.models.question import CHOOSING, MATRIX


class SurveyScene(Scene):
    """One survey, from its first draft to where it stands today. All its chance is its own: other scenes draw as before."""

    survey: Survey

    def tell(self, name: str) -> None:
        facts, at, day = self.facts, self.plan.at, self.plan.day
        self.draws = Random(name)
        at(self.opened - timedelta(days=4, hours=2), self.write)
        at(self.opened - timedelta(days=1, hours=1), self.submit)
        at(self.opened, self.publish)
        last = min(self.closes or self.plan.newest, self.plan.newest)
        people = self.draws.sample(self.country.citizens, facts["answers"])
        people += [self.country.cast[key] for key in facts.get("cast", [])]
        for person in people:
            moment = self.opened + timedelta(minutes=30) + (last - self.opened) * self.draws.random() * 0.95
            finished = self.draws.random() > 0.08
            at(min(moment, last), partial(self.answer_all, person, finished=finished))
        if "outcome" in facts:
            at(day(facts["outcome"]["at"]) - timedelta(days=2), self.write_outcome)
            at(day(facts["outcome"]["at"]) - timedelta(hours=2), self.dispose)
            at(day(facts["outcome"]["at"]), lambda: lifecycle.publish_outcome(self.now.outcome, self.approver))

    @property
    def now(self) -> Survey:  # type: ignore[override]
        return Survey.objects.select_related("institution", "group").get(pk=self.survey.pk)

    # -- acts -------------------------------------------------------------------------------
    def write(self) -> None:
        facts = self.facts
        closes = self.closes and self.country.past.planned(self.closes)
        promise_by = self.plan.day(facts["promise_by"], CLOSING)
        if self.closes and closes:
            promise_by += closes - self.closes
        self.survey = Survey(
            institution=self.institution, group=self.country.groups.get(facts.get("group", "")), slug=facts["slug"],
            **{name: texts.both(facts[name]) for name in ("title", "summary", "body", "promise")},
            promise_by=promise_by, closes_at=closes, conversation="none", guests=facts.get("guests", False),
            results=facts.get("results", Survey.Results.AFTER_CLOSE),
            census=CensusTable.objects.filter(slug=facts.get("census", "")).first(),
        )  # fmt: skip
        lifecycle.write(self.survey, self.author)
        self.survey.sectors.set(Sector.objects.filter(slug__in=facts.get("sectors", [])))
        self.survey.regions.set(Region.objects.filter(level="state", lgd_code__in=facts.get("regions", [])))
        for part in facts["section"]:
            section = Section(
                survey=self.survey, title=texts.both(part["title"]), intro=texts.both(part.get("intro", ["", ""])),
                shown_when=part.get("when", ""),
            )  # fmt: skip
            building.write_section(section, self.author)
            for asked in part["question"]:
                building.write_question(question(section, asked), self.author)

    def publish(self) -> None:
        lifecycle.publish(self.now, self.approver)
        lifecycle.announce_phases()

    def answer_all(self, person: User, *, finished: bool) -> None:
        """Goes through the survey as this person would: what an answer opens is answered too."""
        draws = {asked["name"]: asked.get("draw") for part in self.facts["section"] for asked in part["question"]}
        sheet = Sheet.of(self.now)
        with translation.override(person.language):
            response = answering.begin(sheet.survey, Respondent(person))
            given: dict[str, Any] = {}
            for _part, asked in sheet.form.questions():
                shown = {one.name for _p, here in paths.shown(sheet.form, given) for one in here}
                if (
                    asked.name in shown
                    and (value := self.drawn(sheet.by_name[asked.name], draws[asked.name], person)) is not None
                ):
                    given[asked.name] = value
            answering.keep(response, sheet, {sheet.by_name[name]: value for name, value in given.items()})
            if finished:
                answering.send(response, sheet)

    def drawn(self, asked: Question, draw: Any, person: User) -> Any:
        """An answer by the weights or texts of the file."""
        kinds, codes, rng = Question.Kind, asked.codes(), self.draws
        if asked.kind == kinds.STATE:
            return str(person.state.lgd_code) if person.state else rng.choice(codes)
        if asked.kind == kinds.CONSENT:
            return True if rng.random() < 0.4 else None
        if asked.kind in {kinds.SHORT, kinds.LONG}:
            said = [text for text in draw or [] if texts.language_of(text) == person.language]
            return rng.choice(said) if said and rng.random() < 0.6 else None
        if asked.kind == kinds.PLACE:
            state, lat, lon = rng.choice(draw)
            return {"state": state, "lat": lat, "lon": lon} if rng.random() < 0.7 else {"state": state}
        if asked.kind == kinds.DATE:
            return (self.opened - timedelta(days=rng.randrange(1, 9))).date().isoformat()
        if asked.kind == kinds.PIN:
            return rng.choice(draw) if rng.random() < 0.8 else None
        if asked.kind == kinds.MATRIX_MULTI:
            lines = zip(asked.row_codes(), draw, strict=True)
            given = {
                row: [code for code, weight in zip(codes, line, strict=True) if rng.random() < weight]
                for row, line in lines
            }
            return {row: some for row, some in given.items() if some} or None
        if asked.kind == kinds.MULTI:
            chosen = [code for code, weight in zip(codes, draw, strict=True) if rng.random() < weight]
            return chosen[: asked.most or len(codes)] or [codes[0]]
        if asked.kind == kinds.MATRIX_SINGLE:
            return {row: rng.choices(codes, weights)[0] for row, weights in zip(asked.row_codes(), draw, strict=True)}
        if asked.kind == kinds.RANKING:
            return sorted(codes, key=lambda code: -rng.random() * draw[codes.index(code)])
        if asked.kind in {kinds.SCALE, kinds.NPS}:
            return rng.choices(asked.steps, draw)[0]
        if asked.kind == kinds.NUMBER:
            return round(rng.triangular(*draw))
        return rng.choices(codes, draw)[0] if codes else None

    def dispose(self) -> None:
        """All of them get one answer, each in the language it was given in."""
        for number, language in enumerate(("en", "hi")):
            lines = Contribution.objects.filter(activity=self.survey.pk, language=language)
            outcome = self.facts["outcome"]
            ledger.answer(lines, by=self.author, standing=outcome["standing"], words=outcome["headline"][number])

    def write_outcome(self) -> None:
        outcome = self.facts["outcome"]
        written = Outcome(
            activity=self.survey, headline=texts.both(outcome["headline"]), body=texts.both(outcome["body"])
        )
        lifecycle.write_outcome(written, self.author)


def question(section: Section, asked: dict[str, Any]) -> Question:
    read = ChoicesField().to_python
    choosing = asked["kind"] in CHOOSING
    return Question(
        section=section, name=asked["name"], kind=asked["kind"], title=texts.both(asked["title"]),
        hint=texts.both(asked["hint"]) if "hint" in asked else LazyI18nString({}),
        low_label=texts.both(asked["low"]) if "low" in asked else LazyI18nString({}),
        high_label=texts.both(asked["high"]) if "high" in asked else LazyI18nString({}),
        options=read("\n".join(asked.get("options", []))) if choosing else [],
        rows=read("\n".join(asked.get("rows", []))) if asked["kind"] in MATRIX else [],
        shown_when=asked.get("when", ""), measures=asked.get("measures", ""),
        **{name: asked[name] for name in ("required", "shuffled", "least", "most") if name in asked},
    )  # fmt: skip
