"""What the author of a text reads about a decision against it, and where they appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commons.core import clock
from commons.core.htmx import changed, wants_fragment
from commons.people import drafts
from mygov.moderation import appeals
from mygov.moderation.forms import AppealForm
from mygov.moderation.models import Decision

if TYPE_CHECKING:
    from typing import Any

What = Decision.What


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, by which rule, who decided, and how to appeal."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.path)
    decision = decision_for(request, pk)
    form = AppealForm(initial=drafts.kept(request, draft_key(pk)))
    return render(request, "moderation/statement.html", about(request, decision, form))


@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Appeals. What was typed survives an error, and a sign-in that ran out."""
    url = reverse("moderation:statement", args=[pk])
    if not request.user.is_authenticated:
        return drafts.keep_and_sign_in(request, draft_key(pk), request.POST.dict(), url)
    decision = decision_for(request, pk)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return refused(request, decision, form, 422)
    try:
        appeals.appeal(decision, request.user, form.cleaned_data["words"])
    except ValidationError as error:
        form.add_error(None, error)
        return refused(request, decision, form, 422)
    except PermissionDenied:
        form.add_error(None, _("The decision does not stand any more: there is nothing to appeal against."))
        return refused(request, decision, form, 403)
    drafts.forget(request, draft_key(pk))
    said = _("We have your appeal. Another moderator decides, and you will be told.")
    context = about(request, decision_for(request, pk), form)
    return changed(request, fragment="moderation/_appeal.html", context=context, url=url, said=said)


@require_GET
def reasons_for_comment(request: HttpRequest, pk: int) -> HttpResponse:
    return to_newest(request, comment=pk)


@require_GET
def reasons_for_idea(request: HttpRequest, pk: int) -> HttpResponse:
    return to_newest(request, idea=pk)


def to_newest(request: HttpRequest, **target: int) -> HttpResponse:
    """From a text of one's own to the newest decision against it."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.path)
    of_target = {f"case__{name}": pk for name, pk in target.items()}
    newest = Decision.objects.filter(case__author=request.user.pk, what__in=appeals.APPEALABLE, **of_target).first()
    if newest is None:
        raise Http404
    return redirect("moderation:statement", newest.pk)


def decision_for(request: HttpRequest, pk: int) -> Decision:
    """A decision against a text of this person's; else 404."""
    rows = Decision.objects.filter(case__author=request.user.pk, what__in=appeals.APPEALABLE)
    return get_object_or_404(
        rows.select_related(
            "case__activity",
            "case__comment__contribution",
            "case__idea__contribution",
            "case__annotation__contribution",
            "case__submission__contribution",
            "case__name",
            "appeal__answer",
            "bulk_item__bulk",
        ),
        pk=pk,
    )


def about(request: HttpRequest, decision: Decision, form: AppealForm) -> dict[str, Any]:
    later = decision.case.decisions.filter(turn__gt=decision.turn, what__in=[What.RESTORE, What.UNDO])
    return {
        "decision": decision,
        "case": decision.case,
        "reversed": later.last(),
        "appeal": getattr(decision, "appeal", None),
        "may_appeal": appeals.may_appeal(request.user, decision, clock.now()),  # type: ignore[arg-type]
        "until": appeals.until(decision),
        "form": form,
    }


def refused(request: HttpRequest, decision: Decision, form: AppealForm, status: int) -> HttpResponse:
    template = "moderation/_appeal.html" if wants_fragment(request) else "moderation/statement.html"
    return render(request, template, about(request, decision, form), status=status)


def draft_key(pk: int) -> str:
    return f"appeal:{pk}"
