"""Comments' pages and acts. Each answers HTMX with the changed part and everybody else with a page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.activities.eligibility import eligibility
from commons.activities.models import Activity
from commons.comments import reading, rules, similar, voting, writing
from commons.comments.models import Comment
from commons.comments.places import Place, conversation, viewer_of
from commons.comments.render import comment_list, votes, words_in
from commons.core.caching import public_page
from commons.core.htmx import changed, sent_away, wants_fragment
from commons.people import drafts


def place_of(request: HttpRequest, activity: Activity, anchor: str = "") -> Place:
    """Where this conversation is shown: the activity's own page, or the address its kind gave to the anchor."""
    page = activity.get_absolute_url()
    if anchor:
        given = request.POST.get("page") or request.GET.get("page") or ""
        page = drafts.own_path(request, given) if given else page
    return Place(activity, page, anchor)


def comment_for(request: HttpRequest, pk: int) -> Comment:
    """The comment, if this person may read it and its activity; else 404."""
    comment = get_object_or_404(
        Comment.objects.visible_to(request.user).select_related("activity__institution", "activity__group"), pk=pk
    )
    if not Activity.objects.visible_to(request.user).filter(pk=comment.activity_id).exists():
        raise Http404
    return comment


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, slug: str) -> HttpResponse:
    """A conversation by itself; POST adds a comment to it."""
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("institution", "group"), slug=slug
    )
    anchor = (request.POST.get("at") or request.GET.get("at") or "")[:40]
    place = place_of(request, activity, anchor)
    if request.method == "POST":
        return post(request, place)
    context = conversation(request, place)
    template = "comments/_more.html" if wants_fragment(request) and request.GET.get("after") else "comments/thread.html"
    return render(request, template, context)


def post(request: HttpRequest, place: Place, parent: Comment | None = None) -> HttpResponse:
    """Writes what was typed; whatever goes wrong, the text is still there."""
    key = f"{place.draft_key}:{parent.pk}" if parent else place.draft_key
    typed = {"body": request.POST.get("body", ""), "stance": request.POST.get("stance", "")}
    if not request.user.is_authenticated:
        return drafts.keep_and_sign_in(request, key, typed, reply_page(parent) if parent else f"{place.page}#comment")
    form = place.form(request.POST, auto_id=ids(parent))
    if form.is_valid():
        try:
            comment = writing.write(
                place.activity, request.user, form.cleaned_data["body"], parent=parent,
                stance=form.cleaned_data.get("stance", 0), anchor=place.anchor, most=place.activity.comment_limit,
                as_institution=place.activity.institution if request.POST.get("official") else None,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("body", error)
        except writing.Refused as refused:
            drafts.keep(request, key, typed)
            form.add_error("body", _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, key)
            return written(request, place, comment)
    context = {
        "place": place, "form": form, "activity": place.activity, "parent": parent, "page": place.page,
        "allowed": eligibility(request.user, place.activity),
        "official": rules.may_answer_officially(request.user, place.activity),
        "action": request.path,
    }  # fmt: skip
    template = "comments/_composer.html" if wants_fragment(request) else "comments/write.html"
    return render(request, template, context, status=422)


def written(request: HttpRequest, place: Place, comment: Comment) -> HttpResponse:
    said = _("Your comment is published. Reference %(reference)s.")
    if comment.state == Comment.State.HELD:
        said = _("Your comment waits for a moderator. Reference %(reference)s.")
    said %= {"reference": comment.contribution.reference}
    url = f"{comment.get_absolute_url()}#c{comment.pk}"
    if not wants_fragment(request):
        return changed(request, fragment="", context={}, url=url, said=said)
    allowed = eligibility(request.user, place.activity)
    official = rules.may_answer_officially(request.user, place.activity)
    viewer = viewer_of(request, place, allowed, official=official)
    rows = reading.some([comment.pk])
    context = {
        "html": comment_list(rows, viewer, reading.NOTHING, {} if comment.root_id is None else None),
        "said": said, "comment": comment, "place": place, "form": place.form(), "activity": place.activity,
        "allowed": allowed, "official": official, "page": place.page, "parent": None,
    }  # fmt: skip
    return changed(request, fragment="comments/_written.html", context=context, url=url, said=said)


def ids(parent: Comment | None) -> str:
    """A reply's form may stand on one page with the conversation's own: their fields need different ids."""
    return f"id_{parent.pk}_%s" if parent else "id_%s"


def reply_page(parent: Comment) -> str:
    return reverse("comments:reply", args=[parent.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers one comment: a fragment under it, or a page of its own."""
    parent = comment_for(request, pk)
    place = Place(parent.activity, parent.get_absolute_url(), parent.anchor)
    if place.sides:
        raise Http404
    if request.method == "POST":
        return post(request, place, parent)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    typed = drafts.kept(request, f"{place.draft_key}:{parent.pk}")
    context = {
        "place": place, "parent": parent, "form": place.form(initial=typed, auto_id=ids(parent)), "activity": parent.activity,
        "allowed": eligibility(request.user, parent.activity), "page": place.page, "action": reply_page(parent),
        "official": rules.may_answer_officially(request.user, parent.activity),
    }  # fmt: skip
    return render(request, "comments/_composer.html" if wants_fragment(request) else "comments/write.html", context)


@public_page
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with the thread it stands in: where every link to a comment leads."""
    comment = comment_for(request, pk)
    place = Place(comment.activity, comment.get_absolute_url(), comment.anchor)
    allowed = eligibility(request.user, comment.activity)
    official = rules.may_answer_officially(request.user, comment.activity)
    viewer = viewer_of(request, place, allowed, official=official)
    me = request.user.pk if request.user.is_authenticated else None
    root = reading.some([comment.root_id or comment.pk])
    after = max(int(request.GET["after"]), 0) if request.GET.get("after", "").isdecimal() else 0
    if not after and comment.root_id:
        after = start_before(comment)
    below, more = reading.all_replies(root[0].id, after=min(after, 2**60), me=me)
    mine = reading.mine([row.id for row in root + below], me)
    context = {
        "comment": comment, "activity": comment.activity, "allowed": allowed,
        "root": comment_list(root, viewer, mine), "below": comment_list(below, viewer, mine),
        "more": more, "skipped": after > 0,
    }  # fmt: skip
    template = "comments/detail.html"
    return render(request, template, context)


def start_before(comment: Comment) -> int:
    """Where a page of replies must begin to contain this one; 0 while it is among the first."""
    before = Comment.objects.filter(root=comment.root_id, pk__lt=comment.pk).order_by("-pk")
    ids = list(before.values_list("pk", flat=True)[: reading.REPLIES_A_PAGE // 2])
    return ids[-1] - 1 if len(ids) == reading.REPLIES_A_PAGE // 2 else 0


@public_page
@require_GET
def replies(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything below a root, a page at a time, as a fragment; without HTMX the permalink shows the same."""
    root = comment_for(request, pk)
    if not wants_fragment(request):
        return sent_away(request, root.get_absolute_url())
    place = Place(root.activity, root.activity.get_absolute_url(), root.anchor)
    official = rules.may_answer_officially(request.user, root.activity)
    viewer = viewer_of(request, place, eligibility(request.user, root.activity), official=official)
    me = request.user.pk if request.user.is_authenticated else None
    after = request.GET.get("after", "0")
    below, more = reading.all_replies(root.pk, after=int(after) if after.isdecimal() and len(after) < 19 else 0, me=me)
    mine = reading.mine([row.id for row in below], me)
    context = {"html": comment_list(below, viewer, mine), "more": more, "root": root}
    return render(request, "comments/_replies.html", context)


@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Support, oppose or take back: answers with the counts."""
    back = drafts.own_path(request, request.POST.get("next", ""))
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, back)
    if request.POST.get("value") not in {"-1", "0", "1"}:
        return HttpResponseBadRequest(_("A vote is for or against."), content_type="text/plain")
    if request.user.level < 1:
        raise PermissionDenied
    counts = voting.vote(pk, request.user.pk, int(request.POST["value"]))
    if counts is None:
        comment = comment_for(request, pk)
        said = (
            _("You cannot vote on your own comment.")
            if comment.author_id == request.user.pk
            else _("Voting has closed.")
        )
        if wants_fragment(request):
            return HttpResponse(said, status=409, content_type="text/plain")
        return changed(request, fragment="", context={}, url=back, said=said)
    said = _("Your vote is recorded.") if counts.mine else _("Your vote is taken back.")
    if not wants_fragment(request):
        return changed(request, fragment="", context={}, url=back, said=said)
    return changed(
        request, fragment="comments/_votes.html", context=vote_context(request, pk, counts, back), url=back, said=said
    )


def vote_context(request: HttpRequest, pk: int, counts: voting.Counts, back: str) -> dict[str, object]:
    from django.utils.safestring import mark_safe
    from django.utils.translation import get_language

    from commons.comments.render import Viewer

    viewer = Viewer(request, back=back.partition("#")[0], can_write=True, can_vote=True)
    name = Comment.objects.filter(pk=pk).values_list("author__display_name", flat=True).first() or ""
    html = votes(pk, counts.up, counts.down, counts.mine, viewer, words_in(get_language() or "en"), name)
    return {"html": mark_safe(html)}  # noqa: S308 - made of escaped parts


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.may_edit(request.user, comment):
        raise Http404
    place = Place(comment.activity, comment.get_absolute_url(), comment.anchor)
    form = place.form(request.POST or None, initial={"body": comment.body, "stance": comment.stance})
    form.fields.pop("stance", None)
    if request.method == "POST" and form.is_valid():
        try:
            writing.edit(comment, request.user, form.cleaned_data["body"], most=comment.activity.comment_limit)
        except ValidationError as error:
            form.add_error("body", error)
        else:
            url = f"{comment.get_absolute_url()}#c{comment.pk}"
            return changed(request, fragment="", context={}, url=url, said=_("Your comment is changed."))
    status = 422 if form.is_bound else 200
    context = {"form": form, "comment": comment, "activity": comment.activity, "silent": rules.edits_silently(comment)}
    return render(request, "comments/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, and takes back."""
    comment = comment_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if not rules.may_remove(request.user, comment):
        raise Http404
    if request.method == "POST":
        writing.remove(comment, request.user)
        url = comment.activity.get_absolute_url()
        return changed(request, fragment="", context={}, url=url, said=_("Your comment is taken back."))
    return render(request, "comments/removal.html", {"comment": comment, "activity": comment.activity})


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """An official answer at the top of the conversation, or no longer."""
    comment = comment_for(request, pk)
    if not request.user.is_authenticated or comment.as_institution_id is None:
        raise Http404
    if not rules.may_answer_officially(request.user, comment.activity):
        raise Http404
    if request.method == "POST":
        with transaction.atomic():
            writing.pin(comment, request.user, pinned=comment.pinned_at is None)
        url = comment.activity.get_absolute_url()
        return changed(request, fragment="", context={}, url=url, said=_("Done."))
    return render(request, "comments/pin.html", {"comment": comment, "activity": comment.activity})


@public_page
@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    context = {"comment": comment, "activity": comment.activity, "versions": comment.versions.all()[:50]}
    return render(request, "comments/versions.html", context)


@require_GET
def similar_ones(request: HttpRequest, slug: str) -> HttpResponse:
    """What was already said like it, as a fragment beside the composer."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user), slug=slug)
    found = similar.similar(
        activity, request.GET.get("body", "")[:2000].replace("\x00", ""), request.GET.get("at", "")[:40]
    )
    return render(request, "comments/_similar.html", {"found": found, "activity": activity})
