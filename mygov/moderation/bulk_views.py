"""Many cases at once: the preview with its count, the progress, and the step back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.core import keyset
from commons.core.htmx import changed, sent_away, wants_fragment
from commons.people import drafts
from mygov.moderation import bulk as verbs
from mygov.moderation import rules
from mygov.moderation.forms import BulkForm
from mygov.moderation.models import BulkDecision, BulkItem
from mygov.moderation.queue import Queue
from mygov.moderation.views import queue_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SAMPLE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """The newest ones; a POST draws one up and shows its preview."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:queue"))
    if not rules.moderates(request.user):
        raise Http404
    if request.method != "POST":
        rows = BulkDecision.objects.visible_to(request.user).select_related("by")
        page = keyset.page(rows, ["-id"], request.GET.get("after", ""), SAMPLE)
        return render(request, "moderation/bulks.html", {"page": page})
    shown = Queue.read(request.user, request.GET)
    form = BulkForm(request.POST, offered=verbs.choices_for(request.user))
    ticked = [
        int(pk) for pk in request.POST.getlist("cases")[: verbs.MOST] if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("what", "reason", "words")}
        everything = form.cleaned_data["scope"] == "all"
        try:
            made = verbs.draw_up(shown, request.user, **values, chosen=None if everything else ticked)
        except ValidationError as error:
            blame(form, error, ticked or everything)
        else:
            return sent_away(request, made.get_absolute_url())
    return queue_page(request, shown, form, ticked, 422)


def blame(form: BulkForm, error: ValidationError, anything: object) -> None:
    """Beside the field it is about; that nothing was ticked is about which cases."""
    for name, messages in error.message_dict.items():
        words = (
            messages if anything or name != "cases" else [_("Tick the cases first, or choose everything that fits.")]
        )
        form.add_error("scope" if name == "cases" else name, words)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, the progress or the result."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    found = bulk_for(request, pk)
    if wants_fragment(request):
        return render(request, "moderation/_bulk.html", {"bulk": found, **result(found, request)})
    items = found.items.select_related("case__comment", "case__idea", "case__activity__institution")
    page = keyset.page(items, ["id"], request.GET.get("after", ""), SAMPLE)
    return render(request, "moderation/bulk.html", {"bulk": found, "page": page, **result(found, request)})


def result(found: BulkDecision, request: HttpRequest) -> dict[str, Any]:
    skipped = found.items.filter(outcome=BulkItem.Outcome.SKIPPED) if found.skipped else BulkItem.objects.none()
    why = [(label, skipped.filter(why=code).count()) for code, label in BulkItem.Why.choices] if found.skipped else []
    return {"own": found.by_id == request.user.pk, "why": [(label, n) for label, n in why if n]}


@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, verbs.confirm, _("It has begun."))


@require_POST
def dropping(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, verbs.drop, _("Nothing was decided."))


@require_POST
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, verbs.undo, _("It is being taken back."))


def act(request: HttpRequest, pk: int, verb: Callable[..., bool], said: str) -> HttpResponse:
    """One verb; whoever comes too late sees how it stands."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:bulk_item", args=[pk]))
    found = bulk_for(request, pk)
    try:
        done = verb(found, request.user)
    except PermissionDenied:
        raise Http404 from None
    found = bulk_for(request, pk)
    if not done and not wants_fragment(request):
        return redirect(found)
    context = {"bulk": found, **result(found, request)}
    words = said if done else found.get_state_display()
    return changed(request, fragment="moderation/_bulk.html", context=context, url=found.get_absolute_url(), said=words)


def bulk_for(request: HttpRequest, pk: int) -> BulkDecision:
    rows = BulkDecision.objects.visible_to(request.user).select_related("by", "undone_by")
    return get_object_or_404(rows, pk=pk)
