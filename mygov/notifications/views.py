"""A person's notifications."""

from typing import Any

from allauth.account.models import EmailAddress
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.core import keyset
from commons.core.htmx import changed
from commons.people import drafts
from mygov.notifications import unreachable, unsubscribing, words
from mygov.notifications.channels import MOST_A_DAY, Channel
from mygov.notifications.forms import PreferencesForm
from mygov.notifications.models import Notification
from mygov.notifications.templatetags.notices import unread_of


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    mine = Notification.objects.filter(person=request.user).select_related("activity")
    page = keyset.page(mine, ["-id"], request.GET.get("after", ""), 30)
    rows = [row_of(told) for told in page.rows]
    return render(request, "notifications/list.html", {"rows": rows, "next": page.next, "prefix": prefix(request)})


def row_of(told: Notification) -> dict[str, Any]:
    return {"told": told, "sentence": words.sentence(told), "reason": words.reason(told), "rule": words.rule(told)}


def prefix(request: HttpRequest) -> str:
    """What stands before an address in the language of the page."""
    return "" if request.LANGUAGE_CODE == "en" else f"/{request.LANGUAGE_CODE}"  # type: ignore[attr-defined]


@require_GET
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to what was told, to the very comment, and marks it as read."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    mine = Notification.objects.filter(person=request.user, pk=pk)
    told = get_object_or_404(mine)
    mine.mark_read()
    return redirect(told.path if told.path.startswith("/admin/") else prefix(request) + told.path)


@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """The bell's inside. Pages ask again and again, and get 304 and no text while the number stays as it was."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("notifications:list"))
    count = unread_of(request.user)
    etag = f'"{request.LANGUAGE_CODE}-{count}"'  # type: ignore[attr-defined]
    known = get_conditional_response(request, etag=etag)
    response = known or render(request, "notifications/_bell.html", {"unread": count})
    response["ETag"] = etag
    return response


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Marks everything as read."""
    url = reverse("notifications:list")
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, url)
    Notification.objects.filter(person=request.user).mark_read()
    return changed(request, fragment="", context={}, url=url, said=_("All are marked as read."))


@require_POST
def reading_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read without opening it."""
    url = reverse("notifications:list")
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, url)
    mine = Notification.objects.filter(person=request.user, pk=pk)
    if not mine.mark_read() and not mine.exists():
        raise Http404
    context = {"row": row_of(mine.select_related("activity").get()), "prefix": prefix(request)}
    said = _("Marked as read.")
    return changed(request, fragment="notifications/_row.html", context=context, url=url, said=said)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How soon a mail tells of what."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("notifications:preferences"))
    form = PreferencesForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.keep()
        url = reverse("notifications:preferences")
        return changed(request, fragment="", context={}, url=url, said=_("Your choice is kept."))
    by_mail = EmailAddress.objects.filter(user=request.user, verified=True).exists()
    context = {
        "form": form, "by_mail": by_mail, "by_sms": bool(request.user.phone and request.user.phone_verified_at),
        "dead": unreachable.channels_of(request.user),
        "most": MOST_A_DAY[Channel.MAIL], "most_sms": MOST_A_DAY[Channel.SMS],
    }  # fmt: skip
    return render(request, "notifications/settings.html", context, status=422 if form.is_bound else 200)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """The person says that an address that was dead works again."""
    url = reverse("notifications:preferences")
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, url)
    if request.POST.get("channel") not in Channel.values:
        raise Http404
    unreachable.forget(request.user, Channel(request.POST["channel"]))
    return changed(request, fragment="", context={}, url=url, said=_("We send there again."))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the mail a signed token names. Mail programs POST here by themselves, without session or CSRF token.

    Looking changes nothing, because scanners of mail open every link. No redirect after POST: RFC 8058 forbids it, and
    once more does no harm.
    """
    meant = unsubscribing.meant(token)
    if meant is None:
        raise Http404
    stopped = request.method == "POST"
    if stopped:
        unsubscribing.stop(*meant)
    context = {"name": unsubscribing.name(meant[1]), "stopped": stopped}
    return render(request, "notifications/unsubscribe.html", context)
