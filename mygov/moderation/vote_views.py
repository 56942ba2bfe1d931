"""Where a moderator looks at votes that may be of one hand: the list, one cluster with what a step would change, the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from commons.core import keyset
from commons.core.htmx import changed, wants_fragment
from commons.integrity import checking
from commons.integrity.models import Cluster, Suspect
from commons.people import drafts
from mygov.moderation import rules
from mygov.moderation.vote_forms import STEPS, VoteDecisionForm, steps_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from commons.people.models import User

SIZE = 30
PEOPLE = 30  # listed beside a cluster


@require_GET
def clusters(request: HttpRequest) -> HttpResponse:
    """Those of one state, what waits first."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    state = request.GET.get("state", "")
    state = state if state in Cluster.State.values else Cluster.State.PROPOSED
    rows = visible_to(request).filter(state=state)
    page = keyset.page(rows, ["-id"], request.GET.get("after", ""), SIZE)
    found = {"page": page, "state": state, "states": Cluster.State.choices}
    return render(request, "moderation/votes.html", found)


@require_GET
def cluster(request: HttpRequest, pk: int) -> HttpResponse:
    """One cluster: what its votes have in common, and the counts without them."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    return cluster_page(request, around(request, cluster_for(request, pk)))


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Sets the votes aside, puts them back, leaves them out, or finds nothing wrong."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("moderation:vote_cluster", args=[pk]))
    found = cluster_for(request, pk)
    form = VoteDecisionForm(request.POST)
    if not rules.may_decide_votes(request.user, found):
        return cluster_page(request, around(request, found, form), 403)
    if not form.is_valid():
        return cluster_page(request, around(request, found, form), 422)
    try:
        moved = checking.decide(found, request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return cluster_page(request, around(request, found, form), 422)
    except checking.AlreadyDecided as already:
        context = {**around(request, cluster_for(request, pk), form), "already": already.cluster}
        return cluster_page(request, context, 409)
    said = STEPS[form.cleaned_data["to"]].said(moved)
    return changed(
        request, fragment="moderation/_vote_cluster.html", context=around(request, cluster_for(request, pk)),
        url=reverse("moderation:vote_cluster", args=[pk]), said=said,
    )  # fmt: skip


def visible_to(request: HttpRequest) -> QuerySet[Cluster]:
    if not rules.may_check_votes(request.user):
        raise Http404
    return Cluster.objects.select_related("activity__institution", "activity__group", "decided_by")


def cluster_for(request: HttpRequest, pk: int) -> Cluster:
    return get_object_or_404(visible_to(request), pk=pk)


def around(request: HttpRequest, found: Cluster, bound: VoteDecisionForm | None = None) -> dict[str, Any]:
    """The cluster, what a step would do to each count, who voted, and what this person may do."""
    previews, moves = checking.preview(found)
    settled = found.vote_kind.settled(found.activity_id)
    may = rules.may_decide_votes(request.user, found)
    return {
        "cluster": found,
        "previews": previews,
        "moves": moves,
        "goes_back": found.state in {Cluster.State.ASIDE, Cluster.State.LEFT_OUT},
        "people": people_of(found),
        "is_settled": settled,
        "steps": steps_of(found, moves, settled=settled) if may else [],
        "may": may,
        "form": bound or VoteDecisionForm(initial={"seen": found.state}),
        "kind_of_vote": found.vote_kind,
    }


def people_of(found: Cluster) -> list[User]:
    """The first of those who voted. Nobody where votes are secret: with the counts before and after, names would tell all."""
    if found.vote_kind.secret:
        return []
    first = Suspect.objects.filter(cluster=found).order_by("person", "target").distinct("person")
    return [suspect.person for suspect in first.select_related("person")[:PEOPLE]]


def cluster_page(request: HttpRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "moderation/_vote_cluster.html" if wants_fragment(request) else "moderation/vote_cluster.html"
    return render(request, template, found, status=status)
