"""A person's notifications."""

from allauth.account.models import EmailAddress
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.core import keyset
from commons.core.htmx import changed
from commons.people import drafts
from mygov.notifications import telling, unsubscribing, words
from mygov.notifications.forms import PreferencesForm
from mygov.notifications.models import Notification


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    mine = Notification.objects.filter(person=request.user).select_related("activity")
    page = keyset.page(mine, ["-id"], request.GET.get("after", ""), 30)
    prefix = "" if request.LANGUAGE_CODE == "en" else f"/{request.LANGUAGE_CODE}"  # type: ignore[attr-defined]
    rows = [
        {
            "told": told, "sentence": words.sentence(told), "reason": words.reason(told), "rule": words.rule(told),
            "url": told.path if told.path.startswith("/admin/") else prefix + told.path,
        }
        for told in page.rows
    ]  # fmt: skip
    return render(request, "notifications/list.html", {"rows": rows, "next": page.next, "prefix": prefix})


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Marks everything as read."""
    url = reverse("notifications:list")
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, url)
    Notification.objects.filter(person=request.user, read_at=None).update(read_at=Now())
    return changed(request, fragment="", context={}, url=url, said=_("All are marked as read."))


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
    context = {"form": form, "by_mail": by_mail, "most": telling.MOST_A_DAY}
    return render(request, "notifications/settings.html", context, status=422 if form.is_bound else 200)


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
