"""Where a response stands in the newest version: looked at by an official, and corrected by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed
from commons.directory.verb_pages import put_beside
from consultations import filters, matrix, moving
from consultations.models import Draft, Placement, Wording
from consultations.redline import redline
from consultations.workbench import desk_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlaceForm(forms.Form):
    clause = forms.ChoiceField(label=gettext_lazy("Where it stands now"), required=False)

    def __init__(self, wordings: Iterable[Wording], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [
            (str(one.clause_id), Truncator(f"{one.label} {one.heading or one.text}").chars(90)) for one in wordings
        ]
        self.fields["clause"].choices = [("", _("Nowhere: its words are gone")), *named]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The clause as it was, as it is where the response was placed, and the choice of another place."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    row = get_object_or_404(matrix.given(consultation).select_related("activity", "author"), pk=pk)
    later = filters.later_draft(consultation)
    if later is None:
        raise Http404
    placed = Placement.objects.filter(annotation=row, draft=later).first()
    wordings = list(later.wordings.order_by("position").only("clause_id", "label", "heading", "text", "draft_id"))
    at = str(placed.clause_id or "") if placed else ""
    form = PlaceForm(wordings, request.POST or None, initial={"clause": at})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["clause"]
        try:
            moving.place_by_hand(row, later, int(chosen) if chosen else None, request.user)  # type: ignore[arg-type]
        except ValidationError as refused:
            put_beside(form, refused)
        else:
            url = reverse("consultations:workbench", args=[slug])
            return changed(
                request,
                fragment="",
                context={},
                url=url,
                said=_("Its place is saved. Whoever wrote it reads it under “My responses”."),
            )
    context = {
        "consultation": consultation,
        "row": row,
        "later": later,
        "placed": placed,
        "form": form,
        **texts(row.draft_id, row.clause_id, later, at),
    }
    return render(request, "consultations/place.html", context, status=422 if form.is_bound else 200)


def texts(draft: int, clause: int, later: Draft, at: str) -> dict[str, object]:
    """The clause as it was said of, and as it reads where it stands now."""
    old = Wording.objects.get(draft=draft, clause=clause)
    new = later.wordings.filter(clause=int(at)).first() if at else None
    return {"old": old, "new": new, "html": redline(old.text, new.text) if new else ""}
