"""A survey's questions at a glance for whoever builds it: move, copy, remove, add; what is wrong; and every way through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commons.activities.rules import may_steer
from commons.core.language import in_language
from commons.core.personal_numbers import LATIN_DIGITS
from commons.directory.scoped_admin import official
from surveys import building, checks, previewing, rules
from surveys.asking import Sheet
from surveys.models import Question, Section, Survey

if TYPE_CHECKING:
    from surveys.admin import SurveyAdmin

View = Callable[..., HttpResponse]


def survey_named(request: HttpRequest) -> int | None:
    """The survey a new section or question is for, as the address or the sent form says."""
    section = request.GET.get("section") or request.POST.get("section")
    if section and section.isdecimal() and len(section) < 18:
        return Section.objects.filter(pk=section).values_list("survey_id", flat=True).first()
    survey = request.GET.get("survey") or ""
    return int(survey) if survey.isdecimal() and len(survey) < 18 else None


def context_of(page: SurveyAdmin, request: HttpRequest, survey: Survey, title: str) -> dict[str, Any]:
    request.current_app = page.admin_site.name  # type: ignore[attr-defined]
    return {
        **page.admin_site.each_context(request), "title": title, "opts": page.opts, "original": survey,
        "standing": page.standing(survey), "row_url": reverse("admin:surveys_survey_change", args=[survey.pk]),
        "may_build": rules.may_build(official(request), survey),
        "may_correct": survey.state == Survey.State.PUBLISHED and may_steer(official(request), survey),
    }  # fmt: skip


def questions(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        if request.method == "POST":
            return HttpResponseRedirect(request.path + act(request, survey))
        sheet = Sheet.of(survey)
        lacks = checks.lacks(sheet) if rules.may_build(official(request), survey) else []
        lines = [
            Line(question, number, checks.texts_missing(question)) for number, question in enumerate(sheet.questions, 1)
        ]
        for line in lines:
            line.wrong = [lack.words for lack in lacks if lack.thing == line.question]
        context = context_of(page, request, survey, _("Questions")) | {
            "parts": [(section, [line for line in lines if line.question.section_id == section.pk]) for section in sheet.sections],
            "lacking": lacks, "count": len(lines), "languages": languages_of(lines),
            "focus": request.GET.get("at", ""), "pressed": request.GET.get("act", ""),
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_questions.html", context)

    return view


@dataclass
class Line:
    """One question at a glance: its number, what is wrong with it, and how many of its texts each language lacks."""

    question: Question
    number: int
    missing: dict[str, int]
    wrong: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"question-{self.question.pk}"

    @property
    def translations(self) -> list[tuple[str, str, int]]:
        """Code, language and how many texts are missing in it."""
        return [(code, language, self.missing[code]) for code, language in checks.languages()]


def languages_of(lines: list[Line]) -> list[tuple[str, int]]:
    """Of each language how many questions are whole in it."""
    return [(language, sum(not line.missing[code] for line in lines)) for code, language in checks.languages()]


def act(request: HttpRequest, survey: Survey) -> str:
    """Moves or copies one section or question; answers with where to look afterwards. The button that was pressed is
    under the keys again, so that a question goes up five places by five presses."""
    kind, _dash, number = request.POST.get("what", "").partition("-")
    if kind not in {"section", "question"} or not number.isdecimal() or len(number) > 18:
        raise Http404
    rows: Any = survey.sections if kind == "section" else survey.questions.current()
    thing = rows.filter(pk=number).first()
    if thing is None:
        raise Http404
    by, wanted = official(request), request.POST.get("act")
    try:
        if wanted in {"up", "down"}:
            building.move(thing, by, -1 if wanted == "up" else 1)
        elif wanted == "place" and kind == "question":
            building.move_to(thing, by, number_typed(request.POST.get("place", "")))
        elif wanted == "copy" and kind == "question":
            thing = building.copy_question(thing, by)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    here = f"{kind}-{thing.pk}"
    # With a # in the address browsers leave `autofocus` alone, and one in the form's address is kept: the one or the other.
    return f"?{urlencode({'at': here, 'act': wanted})}" if wanted in {"up", "down", "place"} else f"#{here}"


def number_typed(text: str) -> int:
    digits = text.strip().translate(LATIN_DIGITS)
    if not digits.isdecimal() or len(digits) > 4:
        raise ValidationError(_("Write the place as a number: 1 is the first question."))
    return int(digits)


def every_way(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        sheet = Sheet.of(survey)
        ways, complete = previewing.ways(sheet)
        first = sheet.sections[0].slug if sheet.sections else ""
        rows = []
        for way in ways:
            url = reverse("surveys:section", args=[survey.slug, first]) if first else ""
            # A published survey is open to be answered: its ways are read here, and tried in a copy.
            links = (
                [(code, in_language(url, code) + way.query) for code in ("en", "hi")]
                if rules.may_build(official(request), survey) and url
                else []
            )
            given = [(name, value) for name, value in way.answers.items()]
            rows.append(
                {
                    "way": way,
                    "given": given,
                    "left_out": [q.name for q in sheet.questions if q.name not in way.names],
                    "links": links,
                }
            )
        context = context_of(page, request, survey, _("Every way through")) | {"rows": rows, "complete": complete}
        return TemplateResponse(request, "admin/survey_ways.html", context)

    return view


def copy(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        if request.method == "POST":
            twin = building.copy_survey(survey, official(request))
            messages.success(request, _("Copied. This is the copy, a draft."))
            return HttpResponseRedirect(reverse("admin:surveys_survey_change", args=[twin.pk]))
        context = context_of(page, request, survey, _("Copy the survey"))
        return TemplateResponse(request, "admin/survey_copy.html", context)

    return view
