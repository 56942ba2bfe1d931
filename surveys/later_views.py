"""Going on later: a link by mail or SMS, the way back through it, and the files one has sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commons.core.htmx import changed
from commons.people import drafts
from commons.people import guests as browsers
from surveys import guests, links
from surveys.models import Attachment
from surveys.visits import answered, visit


@require_http_methods(["GET", "HEAD", "POST"])
def later(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the link back stands, and what sends it."""
    found = visit(request, slug)
    if isinstance(found, HttpResponse):
        return found
    if found.response is None:
        return answered(found, HttpResponseRedirect(reverse("surveys:go", args=[slug])))
    error, address = "", request.POST.get("email", "").strip()
    if request.method == "POST":
        try:
            if request.POST.get("by") == "sms":
                said = links.by_sms(found.response, request.user)
            else:
                validate_email(address)
                said = links.by_mail(found.response, address)
        except ValidationError as wrong:
            error = " ".join(wrong.messages)
        else:
            return answered(found, changed(request, fragment="", context={}, url=request.path, said=said))
    person = request.user if request.user.is_authenticated else None
    context = {
        "activity": found.survey, "link": links.url(found.response), "error": error,
        "address": address or (person and person.email) or "",
        "phone": bool(person and person.phone_verified_at),
    }  # fmt: skip
    return answered(found, render(request, "surveys/later.html", context, status=422 if error else 200))


@require_http_methods(["GET", "HEAD"])
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """A link on another device: a guest goes on there at once; whoever has an account signs in first."""
    found = guests.from_token(token)
    if found is None:
        raise Http404
    where = reverse("surveys:go", args=[found.activity.slug])
    if found.person_id:
        if request.user.is_authenticated:
            if request.user.pk != found.person_id:
                messages.warning(request, _("This link belongs to another account. Here are your own answers."))
            return HttpResponseRedirect(where)
        return drafts.to_sign_in(request, where)
    response = HttpResponseRedirect(where)
    browsers.remember(response, found.guest_key)
    return response


@require_http_methods(["GET", "HEAD"])
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file one has sent oneself; always a download, never shown within the portal."""
    row = Attachment.objects.select_related("response").filter(pk=pk).first()
    by = guests.respondent(request)
    if row is None or not (
        row.response.person_id == by.user.pk
        if by.user.is_authenticated
        else bool(by.guest_key) and row.response.guest_key == by.guest_key
    ):
        raise Http404
    return as_download(row)


def as_download(row: Attachment) -> HttpResponse:
    response = HttpResponse(bytes(row.content), content_type=row.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="survey-{row.pk}.{row.name.rpartition(".")[2]}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
