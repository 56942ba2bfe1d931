"""Questions in and out as JSON, and the page that corrects one of a survey that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.activities.rules import may_steer
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesInput, BothLanguagesText
from commons.directory.scoped_admin import official
from surveys import importing, rules, versions
from surveys.admin_forms import ChoicesField
from surveys.builder_views import context_of
from surveys.models import Question

if TYPE_CHECKING:
    from surveys.admin import SurveyAdmin

View = Callable[..., HttpResponse]


def bring_in(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        if not rules.may_build(official(request), survey):
            raise PermissionDenied
        notes, error, done = [], "", False
        content = request.POST.get("content", "")
        if request.method == "POST":
            file = request.FILES.get("file")
            try:
                typed = file.read(importing.LARGEST + 1).decode("utf-8-sig") if file else content
                notes, done = importing.bring_in(survey, official(request), typed), True
            except UnicodeDecodeError:
                error = _("This is not JSON.")
            except ValidationError as refused:
                error = " ".join(refused.messages)
        context = context_of(page, request, survey, _("Import questions")) | {
            "notes": notes, "error": error, "done": done, "content": "" if done else content,
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_import.html", context, status=422 if error else 200)

    return view


def as_json(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        response = HttpResponse(importing.as_json(survey), content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="{survey.slug}.json"'
        return response

    return view


class CorrectForm(forms.Form):
    """What can be corrected. The codes of options stay what conditions and answers call them."""

    title = BothLanguagesField(
        label=gettext_lazy("Question"), widget=BothLanguagesInput, max_length=300, require_all_fields=True
    )
    hint = BothLanguagesField(
        label=gettext_lazy("Hint"), widget=BothLanguagesText, required=False, require_all_fields=False
    )
    options = ChoicesField(label=gettext_lazy("Options"))
    rows = ChoicesField(label=gettext_lazy("Rows of the table"))
    required = forms.BooleanField(label=gettext_lazy("must be answered"), required=False)
    least = forms.IntegerField(label=gettext_lazy("least"), required=False, min_value=-(2**31), max_value=2**31 - 1)
    most = forms.IntegerField(label=gettext_lazy("most"), required=False, min_value=-(2**31), max_value=2**31 - 1)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the public change log, and who took part is told."),
    )  # fmt: skip

    def __init__(self, question: Question, data: Any = None) -> None:
        names = ("title", "hint", "options", "rows", "required", "least", "most")
        super().__init__(data, initial={name: getattr(question, name) for name in names})
        for name in ("options", "rows"):
            if not getattr(question, name) or question.has_states:
                del self.fields[name]


def correct(page: SurveyAdmin) -> View:
    def view(request: HttpRequest, object_id: str, question: int) -> HttpResponse:
        survey = page.get_object(request, unquote(object_id))
        row = survey.questions.current().filter(pk=question).first()
        if row is None:
            raise Http404
        if not may_steer(official(request), survey):
            raise PermissionDenied
        row.survey = survey
        form = CorrectForm(row, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            changes = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
            try:
                new = versions.revise(row, official(request), form.cleaned_data["reason"], **changes)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                said = (
                    _("Corrected.")
                    if new.pk == row.pk
                    else _("Corrected: version %(n)s is asked from now on.") % {"n": new.version}
                )
                messages.success(request, said)
                return HttpResponseRedirect(
                    reverse("admin:surveys_survey_questions", args=[survey.pk]) + f"#question-{new.pk}"
                )
        context = context_of(page, request, survey, _("Correct a question")) | {
            "form": form, "asked": row, "answers_exist": row.answers.exists(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/survey_correct.html", context, status=422 if form.is_bound else 200)

    return view
