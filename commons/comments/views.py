"""Comments' pages. Each answers HTMX with the part that was asked for and everybody else with a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from commons.activities.by_address import ByAddress
from commons.activities.models import Activity
from commons.comments import acts, reading, rules, similar
from commons.comments.models import Comment
from commons.comments.places import Place, conversation, place_in, viewer_of
from commons.comments.render import Viewer, comment_list
from commons.core.caching import public_page
from commons.core.htmx import sent_away, wants_fragment

ACTIVITIES = ByAddress(Activity)


def comment_for(request: HttpRequest, pk: int, *, tombstone: bool = False) -> Comment:
    """The comment, if this person may read it and its activity; else 404.

    With `tombstone` also what is gone but heads a thread in which others still speak.
    """
    known = Comment.objects.heading_for(request.user) if tombstone else Comment.objects.visible_to(request.user)
    open_to_them = Activity.objects.visible_to(request.user)
    return get_object_or_404(
        known.filter(activity__in=open_to_them).select_related(
            "activity__institution", "activity__group", "contribution"
        ),
        pk=pk,
    )


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, slug: str) -> HttpResponse:
    """A conversation by itself; POST adds a comment to it."""
    activity = ACTIVITIES.get(request.user, slug)
    anchor = (request.POST.get("at") or request.GET.get("at") or "")[:40]
    place = place_in(activity, request.user, anchor)
    if request.method == "POST":
        return acts.post(request, place)
    context = conversation(request, place, activity.read_at)  # type: ignore[attr-defined]
    template = "comments/_more.html" if wants_fragment(request) and request.GET.get("after") else "comments/thread.html"
    return render(request, template, context)


@public_page
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with the thread it stands in: where every link to a comment leads."""
    comment = comment_for(request, pk, tombstone=True)
    place = place_in(comment.activity, request.user, comment.anchor)
    viewer = viewer_for(request, place, back=comment.get_absolute_url())
    root = reading.some([comment.root_id or comment.pk])
    asked = request.GET.get("after", "")
    after = reading.start_before(comment) if comment.root_id and not asked else number(asked)
    below, more = reading.all_replies(root[0].id, after=after, me=viewer.me)
    mine = reading.mine([row.id for row in root + below], viewer.me)
    context = {
        "comment": comment, "activity": comment.activity, "place": place, "more": more, "skipped": after > 0,
        "root": comment_list(root, viewer, mine), "below": comment_list(below, viewer, mine),
    }  # fmt: skip
    return render(request, "comments/detail.html", context)


def viewer_for(request: HttpRequest, place: Place, *, back: str = "") -> Viewer:
    """How this person sees a thread; votes lead back to `back`, else to where the conversation is."""
    official = rules.may_answer_officially(request.user, place.activity)
    return viewer_of(request, place, place.allows(request.user), official=official, back=back)


@public_page
@require_GET
def replies(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything below a root, a page at a time, as a fragment; without HTMX the permalink shows the same."""
    root = comment_for(request, pk, tombstone=True)
    after = number(request.GET.get("after", ""))
    if not wants_fragment(request):
        return sent_away(request, root.get_absolute_url() + (f"?after={after}" if after else ""))
    viewer = viewer_for(request, place_in(root.activity, request.user, root.anchor))
    below, more = reading.all_replies(root.pk, after=after, me=viewer.me)
    mine = reading.mine([row.id for row in below], viewer.me)
    context = {"html": comment_list(below, viewer, mine), "more": more, "root": root}
    return render(request, "comments/_replies.html", context)


def number(typed: str) -> int:
    """A comment's number from an address; 0 when somebody made it up."""
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


@public_page
@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What a comment said before it was changed."""
    comment = comment_for(request, pk)
    context = {"comment": comment, "activity": comment.activity, "versions": comment.versions.all()[:50]}
    return render(request, "comments/versions.html", context)


@require_GET
def similar_ones(request: HttpRequest, slug: str) -> HttpResponse:
    """What was already said like it, each with its vote: a fragment beside the composer."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("institution"), slug=slug)
    place = place_in(activity, request.user, request.GET.get("at", "")[:40])
    if not wants_fragment(request):
        return sent_away(request, place.page)
    found = similar.similar(activity, request.GET.get("body", "")[: similar.READ], place.anchor)
    viewer = viewer_of(request, place, place.allows(request.user))
    return render(request, "comments/_similar.html", {"found": similar.offers(found, viewer)})
