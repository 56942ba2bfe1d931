"""Surveys in every state, for the browser's small country."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from commons.activities import lifecycle
from surveys import answering, building
from surveys.answering import Respondent
from surveys.asking import Sheet
from surveys.models import Question, Section, Survey
from surveys.models.question import CHOOSING, MATRIX
from tests.browser.texts import LONG, both

if TYPE_CHECKING:
    from tests.browser.world import World


def build(world: World) -> None:
    """One that is open, with every kind of question; asha has sent hers, ravi is half through; one whose trial run is over;
    and a draft."""
    world.survey = made(world, "way-to-school", "How do children come to school?", "बच्चे विद्यालय कैसे आते हैं?")
    lifecycle.submit_for_review(world.survey, world.meera)
    lifecycle.publish(world.survey, world.arjun)
    sheet = Sheet.of(Survey.objects.get(pk=world.survey.pk))
    for who in (world.asha, world.bilal, world.kiran, *world.crowd, world.ravi):
        response = answering.begin(sheet.survey, Respondent(who))
        answering.keep(response, sheet, {sheet.by_name["q_single"]: "x", sheet.by_name["q_long"]: LONG})
        if who is not world.ravi:
            answering.send(response, sheet)
    world.survey_paused = paused(world)
    world.survey_words = sheet.by_name["q_long"]
    world.survey_draft = made(world, "survey-draft", "A draft of a survey", "सर्वेक्षण का मसौदा")
    world.draft_section = world.survey_draft.sections.earliest("pk")


def paused(world: World) -> Survey:
    survey = made(world, "survey-paused", "A trial run that is over", "परीक्षण जो पूरा हुआ", soft_launch=1)
    lifecycle.submit_for_review(survey, world.meera)
    lifecycle.publish(survey, world.arjun)
    sheet = Sheet.of(Survey.objects.get(pk=survey.pk))
    response = answering.begin(sheet.survey, Respondent(world.bilal))
    answering.keep(response, sheet, {sheet.by_name["q_single"]: "x"})
    answering.send(response, sheet)
    return survey


def made(world: World, slug: str, en: str, hi: str, **fields: Any) -> Survey:
    survey = Survey(
        institution=world.education, slug=slug, title=both(en, hi), summary=both("Eleven questions.", "ग्यारह प्रश्न।"),
        promise=both("We publish the numbers.", "हम संख्याएँ प्रकाशित करेंगे।"), promise_by=world.now + timedelta(days=80),
        closes_at=world.now + timedelta(days=20), guests=True, results="always", conversation="none",
        **fields,
    )  # fmt: skip
    lifecycle.write(survey, world.meera)
    choices = [{"code": code, "text": {"en": f"Option {code}", "hi": f"विकल्प {code}"}} for code in ("x", "y", "z")]
    kinds = Question.Kind.values
    for number, some in enumerate((kinds[:6], kinds[6:12], kinds[12:]), start=1):
        section = Section(survey=survey, title=both(f"Part {number}", f"भाग {number}"))
        building.write_section(section, world.meera)
        for kind in some:
            building.write_question(Question(
                section=section, name=f"q_{kind}", kind=kind, title=both(f"About {kind}?", f"{kind} के बारे में?"),
                hint=both("A hint.", "एक संकेत।"), options=choices if kind in CHOOSING else [], rows=choices[:2] if kind in MATRIX else [],
                shown_when="{q_single} <> 'z'" if kind == "multi" else "",
            ), world.meera)  # fmt: skip
    return survey
