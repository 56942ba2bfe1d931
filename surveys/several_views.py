"""Adding several questions at once: pasted as text and looked over, or typed row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.directory.scoped_admin import official
from surveys import building, pasting, rules
from surveys.builder_views import context_of
from surveys.models import Section, Survey
from surveys.several_forms import MOST_ROWS, Rows, rows_for

if TYPE_CHECKING:
    from surveys.admin import SurveyAdmin

View = Callable[..., HttpResponse]
LONGEST = 100_000  # signs of a pasted questionnaire


def several(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        if not rules.may_build(official(request), survey):
            raise PermissionDenied
        into = section_named(request, survey)
        rows, pasted, status = rows_for([]), "", 200
        if request.POST.get("act") == "read":
            pasted = request.POST.get("text", "")[:LONGEST]
            drafts = pasting.read(pasted)
            if not drafts:
                messages.error(request, _("No question was found in the text."))
            elif len(drafts) > MOST_ROWS:
                words = _("These are %(now)s questions; the first %(most)s are here, paste the others afterwards.")
                messages.warning(request, words % {"now": len(drafts), "most": MOST_ROWS})
            rows = rows_for([draft.as_typed() for draft in drafts[:MOST_ROWS]])
        elif request.method == "POST":
            rows = Rows(request.POST)
            done = add(request, survey, into, rows)
            if done:
                return done
            status = 422
        context = context_of(page, request, survey, _("Several questions at once")) | {
            "rows": rows, "into": into, "sections": survey.sections.order_by("position"), "pasted": pasted,
            "was_read": request.POST.get("act") == "read" and bool(pasted.strip()), "most": MOST_ROWS,
            "wrong": [(number, row) for number, row in enumerate(rows, start=1) if rows.is_bound and row.errors],
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_several.html", context, status=status)

    return view


def section_named(request: HttpRequest, survey: Survey) -> Section | None:
    """The section they come into: the one that was chosen, or the last one."""
    wanted = request.POST.get("into") or request.GET.get("section") or ""
    rows = survey.sections.order_by("position")
    chosen = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 18 else None
    return chosen or rows.last()


def add(request: HttpRequest, survey: Survey, into: Section | None, rows: Any) -> HttpResponse | None:
    """Writes them all and goes to the first one; None when something must be looked at first."""
    if not rows.is_valid():
        return None
    taken = set(survey.questions.values_list("name", flat=True))
    things = [row.made(survey, taken) for row in rows if not row.is_blank]
    if not things:
        messages.error(request, _("Write at least one question."))
        return None
    try:
        first = building.write_all(survey, into, things, official(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return None
    questions = sum(not isinstance(thing, Section) for thing in things)
    said = ngettext("%(n)s question was added.", "%(n)s questions were added.", questions)
    messages.success(request, said % {"n": questions})
    where: Any = reverse("admin:surveys_survey_questions", args=[survey.pk])
    return HttpResponseRedirect(f"{where}#{type(first).__name__.lower()}-{first.pk}")
