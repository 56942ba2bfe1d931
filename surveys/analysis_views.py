"""Analysts' pages in the admin: every question's numbers, two against one another, open answers by theme, files.

Answers are read without names; every look and every file leaves an entry in the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commons.activities.rules import may_steer
from commons.audit.record import record
from commons.directory.scoped_admin import official
from surveys import coding, crosstabs, exporting, rules
from surveys.builder_views import context_of
from surveys.later_views import as_download
from surveys.models import Attachment, Question, Survey
from surveys.results import SMALL, Results, options_of, results_of
from surveys.weighing import Weighing, weighing_of

if TYPE_CHECKING:
    from surveys.admin import SurveyAdmin

View = Callable[..., HttpResponse]
OPEN = (Question.Kind.SHORT, Question.Kind.LONG)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def survey_of(page: SurveyAdmin, request: HttpRequest, object_id: str) -> Survey:
    """The survey for whoever evaluates it; 404 for everybody to whom it does not exist, 403 for who only moderates."""
    survey = page.get_object(request, unquote(object_id))
    if not rules.may_analyse(official(request), survey):
        raise PermissionDenied
    return survey


def noted(survey: Survey, request: HttpRequest, what: str) -> None:
    record("survey.read", survey, by=official(request), activity_id=survey.pk, after={"what": what})


def analysis(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = survey_of(page, request, object_id)
        noted(survey, request, "results")
        found = results_of(survey)
        questions = [result.question for result in found.questions]
        weighing = weighing_of(survey)
        put_weights(found, weighing)
        context = context_of(page, request, survey, _("Evaluation")) | {
            "found": found, "weighing": weighing, "quotas": list(survey.quotas.all()), "open_kinds": OPEN, "small": SMALL,
            "crossable": [q for q in questions if q.kind in crosstabs.CROSSABLE],
            "crossed": cross(questions, request.GET.get("rows", ""), request.GET.get("columns", "")),
            "paused": survey.is_paused(), "may_steer": may_steer(official(request), survey),
            "rows": request.GET.get("rows", ""), "columns": request.GET.get("columns", ""),
            "files": Attachment.objects.filter(response__activity=survey, response__completed_at__isnull=False).defer("content").order_by("pk")[:200],
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_analysis.html", context)

    return view


def put_weights(found: Results, weighing: Weighing | None) -> None:
    """Beside each share the weighted one, where there are weights."""
    if weighing is None or weighing.shares is None:
        return
    for result in found.questions:
        for block in result.blocks if not result.question.rows else []:
            for bar in block.bars:
                bar.weighted = weighing.shares.get((result.question.pk, bar.code))


def cross(questions: list[Question], first: str, second: str) -> dict[str, Any] | None:
    """Two questions against one another, with what could give somebody away left out."""
    known = {str(q.pk): q for q in questions if q.kind in crosstabs.CROSSABLE}
    if first not in known or second not in known or first == second:
        return None
    one, other = known[first], known[second]
    counts = crosstabs.crossed(one, other)
    rows, columns = options_of(one), options_of(other)
    used = {row for row, _column in counts}, {column for _row, column in counts}
    rows, columns = (
        [pair for pair in pairs if pair[0] in seen] for pairs, seen in zip((rows, columns), used, strict=True)
    )
    table = crosstabs.safe(counts, [code for code, _w in rows], [code for code, _w in columns])
    return {
        "first": one, "second": other, "columns": [words for _code, words in columns],
        "lines": [(words, cells) for (_code, words), cells in zip(rows, table, strict=True)],
    }  # fmt: skip


def sorting(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str, question: int) -> HttpResponse:
        survey = survey_of(page, request, object_id)
        asked = survey.questions.filter(pk=question, kind__in=OPEN).first()
        if asked is None:
            raise Http404
        asked.survey = survey
        if request.method == "POST":
            try:
                if request.POST.get("act") == "theme":
                    coding.add_theme(asked, official(request), request.POST.get("name", ""))
                else:
                    n = coding.sort(asked, official(request), chosen(request))
                    messages.success(request, _("Sorted: %(n)s.") % {"n": n})
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(request.path)
        noted(survey, request, f"open answers: {asked.name}")
        context = context_of(page, request, survey, _("Open answers")) | {
            "asked": asked, "waiting": coding.waiting(asked), "themes": coding.themes_of(asked),
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_sorting.html", context)

    return view


def chosen(request: HttpRequest) -> dict[int, set[int]]:
    """By answer the themes ticked beside it; only answers whose line was marked as done."""
    done = {int(pk) for pk in request.POST.getlist("done") if pk.isdecimal() and len(pk) < 18}
    return {pk: {int(t) for t in request.POST.getlist(f"themes-{pk}") if t.isdecimal() and len(t) < 18} for pk in done}


def file(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        survey = survey_of(page, request, object_id)
        noted(survey, request, name)
        if name == "answers.xlsx":
            response: Any = HttpResponse(exporting.as_xlsx(exporting.table(survey), "answers"), content_type=XLSX)
        elif name == "answers.csv":
            response = as_stream(exporting.table(survey))
        elif name == "codebook.csv":
            response = as_stream(exporting.codebook(survey))
        elif name == "microdata.csv":
            columns, rows, _left_out = exporting.microdata(survey)
            response = as_stream(iter([columns, *([row[column] for column in columns] for row in rows)]))
        else:
            raise Http404
        response.headers["Content-Disposition"] = f'attachment; filename="{survey.slug}-{name}"'
        return response

    return view


def as_stream(lines: Iterator[list[Any]]) -> StreamingHttpResponse:
    """With the mark by which spreadsheets know UTF-8."""

    def parts() -> Iterator[str]:
        yield "\ufeff"
        yield from exporting.as_csv(lines)

    return StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")


def attachment(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str, pk: int) -> HttpResponse:
        survey = survey_of(page, request, object_id)
        row = Attachment.objects.filter(pk=pk, response__activity=survey, response__completed_at__isnull=False).first()
        if row is None:
            raise Http404
        noted(survey, request, f"file {pk}")
        return as_download(row)

    return view
