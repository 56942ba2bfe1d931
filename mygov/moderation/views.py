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
from commons.core.htmx import changed
from commons.people import drafts
from mygov.moderation import context, deciding, rules
from mygov.moderation.forms import DecisionForm
from mygov.moderation.models import Case
from mygov.moderation.queue import BESIDE, Queue

if TYPE_CHECKING:
    from typing import Any

    from mygov.moderation.models import Decision


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.moderates(request.user):
        raise Http404
    shown = Queue.read(request.user, request.GET)
    page = shown.page(request.GET.get("after", ""))
    found = {"queue": shown, "page": page, "filters": shown.filters(), "now": clock.now()}
    template = "moderation/_rows.html" if request.htmx and request.GET.get("after") else "moderation/queue.html"
    return render(request, template, found)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the text, what surrounds it, and what can be decided."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    case = case_for(request, pk)
    found = desk(request, case, DecisionForm(initial={"seen": case.turn}))
    return render(request, "moderation/_desk.html" if request.htmx else "moderation/item.html", found)


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Decides, and goes on to the next case."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:item", args=[pk]))
    case = case_for(request, pk)
    shown = Queue.read(request.user, request.GET)
    following = shown.following(case)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return refused(request, case, form, 422)
    try:
        made = deciding.decide(case, request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None if not hasattr(error, "error_dict") else "reason", error.messages)
        return refused(request, case, form, 422)
    except PermissionDenied:
        form.add_error(None, _("This cannot be decided here by you. Look at what is offered now."))
        return refused(request, case, form, 403)
    except deciding.AlreadyDecided as already:
        found = desk(request, case_for(request, pk), DecisionForm(initial={"seen": case.turn}))
        return desk_page(request, {**found, "already": already.decision}, 409)
    return onward(request, shown, following, made)


def onward(request: HttpRequest, shown: Queue, following: Case | None, made: Decision) -> HttpResponse:
    """To the next case, saying what was decided; to the queue when nothing waits."""
    said = f"{made.get_what_display()}."
    if following is None:
        url = reverse("moderation:queue") + shown.address
        found: dict[str, Any] = {"queue": shown, "made": made}
    else:
        url = reverse("moderation:item", args=[following.pk]) + shown.address
        following = case_for(request, following.pk)
        found = {**desk(request, following, DecisionForm(initial={"seen": following.turn})), "made": made}
    response = changed(request, fragment="moderation/_desk.html", context=found, url=url, said=said)
    if request.htmx:
        response["HX-Push-Url"] = url
    return response


def refused(request: HttpRequest, case: Case, form: DecisionForm, status: int) -> HttpResponse:
    return desk_page(request, desk(request, case, form), status)


def desk_page(request: HttpRequest, found: dict[str, Any], status: int) -> HttpResponse:
    template = "moderation/_desk.html" if request.htmx else "moderation/item.html"
    return render(request, template, found, status=status)


def case_for(request: HttpRequest, pk: int) -> Case:
    """The case, if this person may see it; else 404."""
    return get_object_or_404(
        Case.objects.moderated_by(request.user).select_related(
            "activity__institution", "activity__group", "author", "idea__sector", "comment__answers",
            "comment__parent__author", "comment__parent__parent__author", "comment__parent__parent__parent__author",
        ),
        pk=pk,
    )  # fmt: skip


def desk(request: HttpRequest, case: Case, form: DecisionForm) -> dict[str, Any]:
    """List, item and context, as the templates need them."""
    shown = Queue.read(request.user, request.GET)
    following = shown.following(case)
    options = rules.options(request.user, case)
    return {
        "case": case,
        "form": form,
        "queue": shown,
        "page": shown.page("", BESIDE),
        "following": following,
        "options": [(what.value, what.label) for what in options],
        "may_be_hidden": any(what in deciding.AGAINST for what in options),
        "now": clock.now(),
        **context.around(case),
    }
