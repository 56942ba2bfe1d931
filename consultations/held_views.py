"""What the screening held in a consultation, for moderators of the platform: show it, or hide it with a reason."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed
from commons.directory.rules import is_platform_moderator
from commons.people import drafts
from consultations import responding
from consultations.models import Annotation, Consultation, Submission

KINDS: dict[str, type[Annotation] | type[Submission]] = {"clause": Annotation, "whole": Submission}


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """Officials of the ministry do not decide here: they would judge what is said of their own draft."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    consultation = get_object_or_404(
        Consultation.objects.visible_to(request.user).select_related("institution"), slug=slug
    )
    if not is_platform_moderator(request.user):
        raise Http404
    refused = ""
    if request.method == "POST":
        model, number = KINDS.get(request.POST.get("kind", "")), request.POST.get("number", "")
        if model is None or not number.isdecimal() or len(number) > 17:
            raise Http404
        row = get_object_or_404(model, pk=int(number), activity=consultation)
        shown = request.POST.get("decision") == "show"
        try:
            responding.decide(row, request.user, shown=shown, words=request.POST.get("words", "")[:1000])  # type: ignore[arg-type]
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            said = _("It is shown.") if shown else _("It is hidden; its author reads why.")
            return changed(request, fragment="", context={}, url=reverse("consultations:held", args=[slug]), said=said)
    waiting = Annotation.State.HELD
    rows: list[tuple[str, Annotation | Submission]] = []
    for kind, model in KINDS.items():
        found = model.objects.filter(activity=consultation, state=waiting).select_related("author").order_by("pk")[:50]
        rows += [(kind, row) for row in found]
    context = {"consultation": consultation, "rows": rows, "refused": refused}
    return render(request, "consultations/held.html", context, status=422 if refused else 200)
