"""The printed form, and the screen on which somebody enters what came back on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _

from commons.comments.refused import Refused
from commons.directory.scoped_admin import official
from surveys import paper, paper_entry, values
from surveys.analysis_views import survey_of
from surveys.answer_views import said_by_name
from surveys.asking import Sheet, Walk
from surveys.builder_views import context_of
from surveys.models import Question

if TYPE_CHECKING:
    from surveys.admin import SurveyAdmin

View = Callable[..., HttpResponse]


def form(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str, language: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        with translation.override(language if language in {"en", "hi"} else "en"):
            pdf = paper.as_pdf(Sheet.of(survey))
        response = HttpResponse(pdf, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{survey.slug}-{language}.pdf"'
        return response

    return view


def enter(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = survey_of(page, request, object_id)
        sheet = Sheet.of(survey)
        questions = [q for q in sheet.questions if q.answers_count and q.kind != Question.Kind.FILE]
        errors: dict[str, str] = {}
        looked = "look" in request.POST  # Enter within a box: what stands on the page is read, and nothing is entered
        if request.method == "POST":
            given, errors = read(request, questions)
            if not errors and not looked:
                try:
                    row = paper_entry.enter(sheet, official(request), request.POST.get("number", ""), given)
                except Refused as refused:
                    errors = {"number": refused.words}
                except ValidationError as wrong:
                    errors = said_by_name(wrong)
                else:
                    line = row.contribution
                    said = _("Entered. Reference %(reference)s: write it on the form.") % {
                        "reference": line.reference if line else ""
                    }
                    messages.success(request, said)
                    return HttpResponseRedirect(request.path)
        boxes = Walk(sheet).boxes(questions, errors)
        for box in boxes:
            box.typed = request.POST if request.method == "POST" else None
        numbers = paper.numbers_of(sheet)
        lines = [
            (numbers[b.question.name], paper.condition_words(b.question.condition, sheet, numbers), b) for b in boxes
        ]
        parts = [
            (
                section,
                paper.condition_words(section.condition, sheet, numbers),
                [line for line in lines if line[2].question.section_id == section.pk],
            )
            for section in sheet.sections
        ]
        context = context_of(page, request, survey, _("Enter a paper form")) | {
            "parts": parts, "errors": errors, "number": request.POST.get("number", ""), "looked": looked,
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_paper.html", context, status=422 if errors else 200)

    return view


def read(request: HttpRequest, questions: list[Question]) -> tuple[dict[Question, Any], dict[str, str]]:
    given, errors = {}, {}
    for question in questions:
        try:
            given[question] = values.read(question, request.POST)
        except ValidationError as wrong:
            errors[question.name] = " ".join(wrong.messages)
    return given, errors
