"""Questions about a text and the institution's answers: the page for everybody, and where officials answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from commons.core.caching import public_page
from commons.core.htmx import changed, sent_away
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesText
from commons.directory.verb_pages import put_beside
from consultations import clarifying, rules
from consultations.models import Annotation, Wording
from consultations.views import CONSULTATIONS
from consultations.workbench import desk_of, numbers


@public_page
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was asked, by clause, with the answers; of one clause with `?clause=12`, `?answered=yes` or `no`."""
    consultation = CONSULTATIONS.get(request.user, slug)
    clause, answered = request.GET.get("clause", ""), request.GET.get("answered", "")
    if (clause and not (clause.isdecimal() and len(clause) < 18)) or answered not in {"", "yes", "no"}:
        raise Http404
    of = (
        Wording.objects.select_related("draft").filter(draft__consultation=consultation, clause=int(clause)).first()
        if clause
        else None
    )
    if clause and of is None:
        raise Http404
    rows, following = clarifying.page(
        consultation, clause=int(clause) if clause else None, answered=answered, after=request.GET.get("after", "")
    )
    context = {
        "consultation": consultation, "rows": rows, "next": following, "of": of, "clause": clause, "answered": answered,
        "officials": rules.may_analyse(request.user, consultation),
    }  # fmt: skip
    return render(request, "consultations/questions.html", context)


class AlsoField(forms.ModelMultipleChoiceField):
    """Other questions, with enough of each to see that it asks the same."""

    def label_from_instance(self, row: Annotation) -> str:
        return Truncator(row.body).chars(400)


class AnswerForm(forms.Form):
    words = BothLanguagesField(
        label=gettext_lazy("Your answer"), widget=BothLanguagesText, require_all_fields=True,
        help_text=gettext_lazy("In plain language, at most 2,000 characters. Everybody reads it below the question."),
    )  # fmt: skip
    also = AlsoField(
        Annotation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("It also answers"), help_text=gettext_lazy("Who asked these is told the same."),
    )  # fmt: skip

    def __init__(self, others: list[Annotation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["also"].queryset = Annotation.objects.filter(pk__in=[one.pk for one in others]).order_by("pk")  # type: ignore[attr-defined]
        else:
            del self.fields["also"]

    def clean_words(self) -> Any:
        words = self.cleaned_data["words"]
        if any(len(text) > 2000 for text in words.data.values()):
            raise ValidationError(_("At most 2,000 characters are possible in each language."))
        return words


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An official answers a question in public, and with it those that are chosen (`?with=12&with=13`) or ask nearly the same."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    asked = clarifying.questions(consultation).select_related("author", "activity", "clarification")
    row = get_object_or_404(asked, pk=pk)
    together = numbers(request.GET.getlist("with"))
    if row.clarification:
        together += row.clarification.questions.exclude(pk=pk).values_list("pk", flat=True)
    chosen = list(asked.filter(pk__in=together).exclude(pk=pk).order_by("pk"))
    others = chosen + [one for one in clarifying.like(row) if one not in chosen]
    initial = {"words": row.clarification.words if row.clarification else "", "also": [str(one.pk) for one in chosen]}
    form = AnswerForm(others, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        also = [one.pk for one in form.cleaned_data.get("also", [])]
        try:
            clarifying.answer(consultation, [pk, *also], request.user, form.cleaned_data["words"])  # type: ignore[arg-type]
        except ValidationError as refused:
            put_beside(form, refused)
        else:
            url = reverse("consultations:workbench", args=[slug]) + "?stance=ask"
            return changed(request, fragment="", context={}, url=url, said=_("Answered. Whoever asked is told."))
    [one] = clarifying.shown([row])
    context = {"consultation": consultation, "row": row, "form": form, "one": one, "others": others}
    return render(request, "consultations/question.html", context, status=422 if form.is_bound else 200)


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """The ticked questions of the workbench, to be answered together."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    ticked = clarifying.questions(consultation).filter(pk__in=numbers(request.POST.getlist("response")))
    chosen = list(ticked.order_by("pk").values_list("pk", flat=True)[:50])
    if not chosen:
        url = reverse("consultations:workbench", args=[slug]) + "?stance=ask"
        return changed(request, fragment="", context={}, url=url, said=_("Tick the questions first."))
    url = reverse("consultations:question", args=[slug, chosen[0]])
    return sent_away(request, url + ("?" + urlencode({"with": chosen[1:]}, doseq=True) if chosen[1:] else ""))
