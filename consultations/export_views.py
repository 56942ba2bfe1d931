"""Every response as a file, for officials: asked for, made by the worker with its progress shown, saved."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed
from consultations.exports import keeping
from consultations.models import Export
from consultations.workbench import desk_of


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """POST asks for a new file; GET shows how far it is, and then gives it."""
    consultation = desk_of(request, slug)
    if isinstance(consultation, HttpResponse):
        return consultation
    if format not in Export.Format.values:
        raise Http404
    asked = {
        "consultation": consultation,
        "what": Export.What.RESPONSES,
        "format": format,
        "language": get_language() or "en",
    }
    if request.method == "POST":
        Export.objects.filter(**asked).delete()
        Export.objects.create(**asked)
        url = reverse("consultations:export", args=[slug, format])
        return changed(request, fragment="", context={}, url=url, said=_("The file is being made"))
    found = Export.objects.filter(**asked).first()
    if found is None:
        raise Http404
    if found.finished_at is None:
        return render(request, "consultations/export.html", {"consultation": consultation, "export": found}, status=202)
    return keeping.sent(found, f"{consultation.slug}-responses")
