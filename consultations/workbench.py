"""The officials' workbench: responses by clause, stance, theme, region, language; themes; what still lacks a row."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from rapidfuzz import fuzz

from commons.core import keyset
from commons.core.htmx import changed
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesText
from commons.directory.verb_pages import put_beside
from commons.people import drafts
from consultations import campaigns, matrix, responding, rules
from consultations.models import Annotation, Consultation, MatrixRow

if TYPE_CHECKING:
    from django.db.models import QuerySet

SIZE = 50
LIKE = 60.0  # of 100: so alike is what is suggested for a theme
MOST_SUGGESTED = 2000  # responses without a theme that are compared
FILTERS = ("clause", "stance", "theme", "region", "language", "campaign", "like")


def desk_of(request: HttpRequest, slug: str) -> Consultation | HttpResponse:
    """The consultation for its officials, the way to sign in for nobody; else 404."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    consultation = get_object_or_404(
        Consultation.objects.visible_to(request.user).select_related("institution"), slug=slug
    )
    if not rules.may_analyse(request.user, consultation):
        raise Http404
    return consultation


def asked(request: HttpRequest) -> dict[str, str]:
    found = {name: request.GET.get(name, "")[:12].replace("\x00", "") for name in FILTERS}
    return {name: value for name, value in found.items() if value}


def filtered(rows: QuerySet[Annotation], consultation: Consultation, wanted: dict[str, str]) -> QuerySet[Annotation]:
    numbers = {"clause": "root", "theme": "theme", "region": "contribution__region", "campaign": "campaign", "like": ""}
    for name, value in wanted.items():
        if name in numbers and not (value.isdecimal() or (name, value) == ("theme", "none")):
            raise Http404
        if name == "like":
            rows = rows.filter(pk__in=like(consultation, int(value)))
        elif (name, value) == ("theme", "none"):
            rows = rows.filter(theme=None)
        elif name in numbers:
            rows = rows.filter(**{numbers[name]: int(value)})
        else:
            rows = rows.filter(**{name: value})
    return rows


def like(consultation: Consultation, theme: int) -> list[int]:
    """Responses without a theme whose words are like those under the theme."""
    known = [text_of(row) for row in matrix.given(consultation).filter(theme=theme).order_by("pk")[:30]]
    others = matrix.given(consultation).filter(theme=None).order_by("pk")[:MOST_SUGGESTED]
    return [row.pk for row in others if any(fuzz.token_set_ratio(text_of(row), one) >= LIKE for one in known if one)]


def text_of(row: Annotation) -> str:
    return campaigns.normal(f"{row.body} {row.proposed}")


@require_http_methods(["GET", "HEAD"])
def workbench(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    wanted = asked(request)
    rows = filtered(matrix.given(consultation), consultation, wanted)
    rows = rows.select_related("author", "theme", "contribution__region", "campaign")
    page = keyset.page(rows, ["-id"], request.GET.get("after", ""), SIZE)
    labels = matrix.labels_of(consultation)
    given = consultation.rows.select_related("theme", "clause").order_by("pk")
    context = {
        "consultation": consultation, "rows": [(row, labels.get(row.root_id, "")) for row in page.rows], "next": page.next,
        "wanted": wanted, "query": urlencode(wanted), "labels": labels, "stances": Annotation.Stance.choices,
        "themes": list(consultation.themes.filter(merged_into=None)), "gaps": matrix.gaps(consultation)[:20],
        "unanswered": matrix.unanswered(consultation), "campaigns": list(consultation.campaigns.all()[:20]),
        "whole": list(matrix.whole(consultation).select_related("author", "theme").order_by("-id")[:SIZE]),
        "given": [(row, labels.get(row.clause_id, "")) for row in given],
        "closed": consultation.phase() == consultation.Phase.CLOSED,
    }  # fmt: skip
    return render(request, "consultations/workbench.html", context)


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts the ticked responses, or all that a filter finds, under a theme."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    back = f"{reverse('consultations:workbench', args=[slug])}?{urlencode(asked(request))}"
    title = request.POST.get("new", "").strip() or title_of(consultation, request.POST.get("theme", ""))
    ticked = numbers(request.POST.getlist("response"))
    if request.POST.get("all") == "1":
        ticked = list(filtered(matrix.given(consultation), consultation, asked(request)).values_list("pk", flat=True))
    try:
        matrix.assign(
            consultation,
            request.user,  # type: ignore[arg-type]
            annotations=ticked,
            submissions=numbers(request.POST.getlist("whole")),
            title=title,
        )
    except ValidationError as refused:
        return changed(request, fragment="", context={}, url=back, said=" ".join(refused.messages))
    said = _("Put under “%(theme)s”.") % {"theme": title} if title else _("Taken out of their themes.")
    return changed(request, fragment="", context={}, url=back, said=said)


def numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values[:1000] if value.isdecimal() and len(value) < 18]


def title_of(consultation: Consultation, theme: str) -> str:
    found = consultation.themes.filter(pk=theme).first() if theme.isdecimal() and len(theme) < 18 else None
    return found.title if found else ""


@require_POST
def merge(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    chosen = numbers([request.POST.get("theme", ""), request.POST.get("into", "")])
    found = {row.pk: row for row in consultation.themes.filter(pk__in=chosen)}
    if len(chosen) != 2 or len(found) != len(set(chosen)):
        raise Http404
    said = _("The themes are one now.")
    try:
        matrix.merge(found[chosen[0]], found[chosen[1]], request.user)  # type: ignore[arg-type]
    except ValidationError as refused:
        said = " ".join(refused.messages)
    return changed(request, fragment="", context={}, url=reverse("consultations:workbench", args=[slug]), said=said)


@require_POST
def find_campaigns(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    found = campaigns.find(consultation)
    said = _("Groups of texts that are nearly the same: %(n)s.") % {"n": found}
    return changed(request, fragment="", context={}, url=reverse("consultations:workbench", args=[slug]), said=said)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An official answers a question in public."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    asked_by = get_object_or_404(
        matrix.given(consultation).select_related("activity"), pk=pk, stance=Annotation.Stance.ASK
    )
    form = AnswerForm(request.POST or None, initial={"answer": asked_by.answer})
    if request.method == "POST" and form.is_valid():
        responding.answer_question(asked_by, request.user, form.cleaned_data["answer"])  # type: ignore[arg-type]
        url = reverse("consultations:workbench", args=[slug]) + "?stance=ask"
        return changed(request, fragment="", context={}, url=url, said=_("The question is answered."))
    context = {"consultation": consultation, "row": asked_by, "form": form}
    return render(request, "consultations/question.html", context, status=422 if form.is_bound else 200)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5, "data-count": 2000}),
        help_text=gettext_lazy("Everybody reads it beside the question."),
    )  # fmt: skip


class RowForm(forms.ModelForm):
    """A row of the matrix: what was said, and what the institution answers."""

    summary = BothLanguagesField(label=gettext_lazy("What was said"), widget=BothLanguagesText, require_all_fields=True)
    response = BothLanguagesField(
        label=gettext_lazy("The institution's answer"), widget=BothLanguagesText, require_all_fields=True,
        help_text=gettext_lazy("Everybody who said this reads it, in their language. At most 2,000 characters."),
    )  # fmt: skip

    class Meta:
        model = MatrixRow
        fields = ["summary", "response", "decision", "reason", "referred_to", "quotes"]
        widgets = {"quotes": forms.CheckboxSelectMultiple}

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
