"""Where a moderator gives a second opinion without knowing the decision, and how often two came to the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commons.core.htmx import changed, wants_fragment
from commons.people import drafts
from mygov.moderation import context, rules, second_reviews
from mygov.moderation.forms import OpinionForm
from mygov.moderation.models import ReviewShare, SecondReview
from mygov.moderation.models.case import COLUMNS

if TYPE_CHECKING:
    from commons.people.models import User

OF_CASE = [f"decision__case__{name}" for name in (*COLUMNS, "activity__institution", "author", "comment__parent__author",
           "comment__parent__parent__author", "comment__parent__parent__parent__author")]  # fmt: skip


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """The oldest one that is theirs; nobody chooses."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.may_review(request.user):
        raise Http404
    return review_page(request, around(request.user, next_for(request.user)))


@require_POST
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes an opinion down, and goes on to the next."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:reviews"))
    if not rules.may_review(request.user):
        raise Http404
    review = get_object_or_404(SecondReview.objects.select_related(*OF_CASE), pk=pk)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        shown = get_object_or_404(second_reviews.waiting_for(request.user).select_related(*OF_CASE), pk=pk)
        return review_page(request, around(request.user, shown, form), 422)
    try:
        written = second_reviews.give(review, request.user, **form.cleaned_data)
    except PermissionDenied:
        raise Http404 from None
    said = _("Your opinion is written down.") if written else _("Somebody else was faster. Here is the next.")
    found = around(request.user, next_for(request.user)) if wants_fragment(request) else {}
    return changed(
        request, fragment="moderation/_second_opinion.html", context={**found, "said": said},
        url=reverse("moderation:reviews"), said=said,
    )  # fmt: skip


def next_for(user: User) -> SecondReview | None:
    return second_reviews.waiting_for(user).select_related(*OF_CASE).first()


def around(user: User, review: SecondReview | None, bound: OpinionForm | None = None) -> dict[str, Any]:
    """The text and what was said around it; nothing that tells how it was decided. Then the figures."""
    found: dict[str, Any] = {
        "review": review,
        "form": bound or OpinionForm(),
        "agreement": second_reviews.agreement(),
        "share": ReviewShare.objects.get(),
        "small": second_reviews.SMALL,
        "days": second_reviews.COUNTED_FOR.days,
    }
    if rules.may_read_disagreements(user):
        found |= {"moderators": second_reviews.by_moderator(), "disagreements": second_reviews.disagreements()}
    if review is None:
        return found
    case = review.decision.case
    return found | {
        "case": case,
        "thread": context.thread_above(case.comment) if case.comment else [],
        "clause": context.clause_of(case.annotation) if case.annotation else None,
        "reports": list(case.reports.order_by("-id")[: context.MOST]),
    }


def review_page(request: HttpRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "moderation/_second_opinion.html" if wants_fragment(request) else "moderation/second_opinions.html"
    return render(request, template, found, status=status)
