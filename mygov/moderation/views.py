"""The moderators' desk: the queue, one case with what surrounds it, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commons.core import clock
from commons.core.htmx import changed, wants_fragment
from commons.people import drafts
from mygov.moderation import bulk, context, deciding, rules, taking
from mygov.moderation.filters import filters
from mygov.moderation.forms import BulkForm, DecisionForm, TakeOverForm, form_for
from mygov.moderation.models import Case, Decision
from mygov.moderation.offers import offers
from mygov.moderation.queue import COUNTED, Queue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.moderates(request.user):
        raise Http404
    return queue_page(request, Queue.read(request.user, request.GET), BulkForm(offered=bulk.choices_for(request.user)))


def queue_page(
    request: HttpRequest, shown: Queue, form: BulkForm, ticked: Iterable[int] = (), status: int = 200
) -> HttpResponse:
    """The queue, with the form for many cases at once as it is or came back, and what was ticked."""
    page = shown.page(request.GET.get("after", ""))
    found = {"queue": shown, "page": page, "rows": page.rows, "now": clock.now(), "bulk": form, "ticked": ticked}
    if wants_fragment(request) and request.GET.get("after"):
        return render(request, "moderation/_rows.html", found)
    found |= {"filters": filters(shown), "first": shown.first(), "form": form, "most": COUNTED, "late": shown.only_late}
    return render(request, "moderation/queue.html", found, status=status)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the text, what surrounds it, and what can be decided. Whoever opens it has it for a while.

    The one page whose GET writes, and nothing but that; a browser that only fetches ahead takes nothing.
    """
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    shown = Queue.read(request.user, request.GET)
    return desk_page(request, desk(request, shown, case_for(shown, pk)))


@require_POST
def taking_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the case from whoever has it open, with a reason."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:item", args=[pk]))
    shown = Queue.read(request.user, request.GET)
    case = case_for(shown, pk)
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        return desk_page(request, {**desk(request, shown, case), "take_over": form, "form": form}, 422)
    try:
        taking.take_over(case, request.user, form.cleaned_data["words"])
    except ValidationError as error:
        form.add_error(None, error)
        return desk_page(request, {**desk(request, shown, case), "take_over": form, "form": form}, 422)
    url = reverse("moderation:item", args=[pk]) + shown.address
    found = desk(request, shown, case_for(shown, pk)) if wants_fragment(request) else {}
    return changed(request, fragment="moderation/_desk.html", context=found, url=url, said=_("You have it now."))


@require_POST
def putting_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Leaves the case to others, undecided."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:queue"))
    shown = Queue.read(request.user, request.GET)
    taking.put_back(case_for(shown, pk), request.user)
    return changed(
        request, fragment="", context={}, url=reverse("moderation:queue") + shown.address,
        said=_("It waits for others again."),
    )  # fmt: skip


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Decides, and goes on to the next case."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:item", args=[pk]))
    shown = Queue.read(request.user, request.GET)
    case = case_for(shown, pk)
    what = request.POST.get("what", "")
    kind = form_for(what) if what in Decision.What.values else DecisionForm
    form = kind(request.POST, auto_id=f"{what}_%s")
    following = shown.following(case)
    if not form.is_valid():
        return desk_page(request, desk(request, shown, case, form), 422)
    try:
        made = deciding.decide(case, request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return desk_page(request, desk(request, shown, case, form), 422)
    except PermissionDenied:
        form.add_error(None, _("This is not yours to decide. Here is what is."))
        return desk_page(request, desk(request, shown, case, form), 403)
    except deciding.AlreadyDecided as already:
        found = {**desk(request, shown, case_for(shown, pk)), "already": already.decision}
        return desk_page(request, found, 409)
    except deciding.Taken:
        return desk_page(request, desk(request, shown, case_for(shown, pk), form), 409)
    return onward(request, shown, following, made)


def onward(request: HttpRequest, shown: Queue, following: Case | None, made: Decision) -> HttpResponse:
    """To the next case, saying what was decided; to the queue when nothing waits."""
    url = reverse("moderation:queue") + shown.address
    found: dict[str, Any] = {"made": made}
    if following is not None:
        url = reverse("moderation:item", args=[following.pk]) + shown.address
        found |= desk(request, shown, case_for(shown, following.pk)) if wants_fragment(request) else {}
    said = _("%(decision)s: “%(text)s”") % {"decision": made.get_what_display(), "text": made.case.text[:60]}
    response = changed(request, fragment="moderation/_desk.html", context=found, url=url, said=said)
    if wants_fragment(request):
        response["HX-Push-Url"] = url
    return response


def desk_page(request: HttpRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "moderation/_desk.html" if wants_fragment(request) else "moderation/item.html"
    return render(request, template, found, status=status)


def case_for(shown: Queue, pk: int) -> Case:
    """The case, if this person may see it; else 404."""
    return get_object_or_404(
        shown.theirs.select_related(
            "activity__institution", "activity__group", "author", "taken_by", "idea__sector", "idea__institution",
            "annotation__activity", "submission__activity", "name",
            "comment__answers", "comment__parent__author", "comment__parent__parent__author",
            "comment__parent__parent__parent__author",
        ),
        pk=pk,
    )  # fmt: skip


def desk(request: HttpRequest, shown: Queue, case: Case, bound: DecisionForm | None = None) -> dict[str, Any]:
    """List, item and context, as the templates need them."""
    options, now = rules.options(request.user, case), clock.now()
    if options and case.closed_at is None and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        case = taking.take(case, request.user)  # type: ignore[arg-type]
    taken = case.closed_at is None and case.taken_from(request.user, now)  # type: ignore[arg-type]
    return {
        "case": case,
        "taken": taken,
        "take_over": TakeOverForm() if taken and options else None,
        "mine": options and case.taken_by_id == request.user.pk,
        "form": bound or DecisionForm(),
        "offers": [] if taken else offers(case, options, bound),
        "must_ask": Decision.What.ASK in options,
        "queue": shown,
        "rows": shown.beside(case),
        "following": shown.following(case),
        "now": now,
        **context.around(case),
    }
