"""Writing a row of the matrix, and publishing them all."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesText
from commons.directory.verb_pages import put_beside
from consultations import matrix
from consultations.models import Annotation, MatrixRow
from consultations.workbench import desk_of


class QuotesField(forms.ModelMultipleChoiceField):
    """What may be quoted, with enough of it to choose by."""

    def label_from_instance(self, row: Annotation) -> str:
        return f"{row.get_stance_display()}: {Truncator(row.body or row.proposed).chars(300)}"


class RowForm(forms.ModelForm):
    """A row of the matrix: what was said, and what the institution answers."""

    summary = BothLanguagesField(label=gettext_lazy("What was said"), widget=BothLanguagesText, require_all_fields=True)
    response = BothLanguagesField(
        label=gettext_lazy("The institution's answer"), widget=BothLanguagesText, require_all_fields=True,
        help_text=gettext_lazy("Everybody who said this reads it, in their language. At most 2,000 characters."),
    )  # fmt: skip

    quotes = QuotesField(
        Annotation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Quotes"),
        help_text=gettext_lazy("Everybody reads them in the matrix, without a name."),
    )  # fmt: skip

    class Meta:
        model = MatrixRow
        fields = ["summary", "response", "decision", "reason", "referred_to", "quotes"]
        help_texts = {
            "reason": gettext_lazy("Needed when it is not accepted."),
            "referred_to": gettext_lazy("Needed when it is referred."),
        }

    def validate_unique(self) -> None:
        """Clause and theme are set by the page; the verb and the database decide."""

    def validate_constraints(self) -> None:
        """The verb says it beside the field."""


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, slug: str) -> HttpResponse:
    """Writes the row for a clause and a theme (`?clause=12&theme=3`; either may be left out)."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    wanted = {name: request.GET.get(name, "") for name in ("clause", "theme")}
    if any(value and not (value.isdecimal() and len(value) < 18) for value in wanted.values()):
        raise Http404
    clause = get_object_or_404(consultation.clauses, pk=wanted["clause"]) if wanted["clause"] else None
    theme = get_object_or_404(consultation.themes, pk=wanted["theme"]) if wanted["theme"] else None
    found = MatrixRow.objects.filter(consultation=consultation, clause=clause, theme=theme).first()
    found = found or MatrixRow(consultation=consultation, clause=clause, theme=theme)
    said = matrix.given(consultation).filter(state=Annotation.State.VISIBLE)
    if clause:
        said = said.filter(root=clause)
    if theme:
        said = said.filter(theme=theme)
    shown = list(said.exclude(body="", proposed="").order_by("pk")[:30])
    form = RowForm(request.POST or None, instance=found)
    form.fields["quotes"].queryset = Annotation.objects.filter(pk__in=[one.pk for one in shown])  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            matrix.write_row(form.save(commit=False), request.user)  # type: ignore[arg-type]
            form.save_m2m()  # type: ignore[attr-defined]
        except ValidationError as refused:
            put_beside(form, refused)
        else:
            url = reverse("consultations:workbench", args=[slug])
            return changed(request, fragment="", context={}, url=url, said=_("The row is saved."))
    context = {
        "consultation": consultation, "form": form, "label": matrix.labels_of(consultation).get(clause.pk if clause else None, ""),
        "theme": theme, "clause": clause,
        "people": matrix.people_answered(found),
    }  # fmt: skip
    return render(request, "consultations/row.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """A second official reads the matrix and publishes it; or reads what it lacks."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    refused: list[str] = []
    if request.method == "POST":
        try:
            matrix.publish(consultation, request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            refused = list(error.messages)
        except PermissionDenied:
            refused = [_("An approver of the institution does this who wrote none of its rows.")]
        else:
            url = reverse("consultations:matrix", args=[slug])
            return changed(
                request,
                fragment="",
                context={},
                url=url,
                said=_("Published. Everybody who responded gets their answer."),
            )
    context = {
        "consultation": consultation,
        "gaps": matrix.gaps(consultation),
        "refused": refused,
        "rows": consultation.rows.count(),
        "unanswered": matrix.unanswered(consultation),
    }
    return render(request, "consultations/publish.html", context, status=422 if refused else 200)
