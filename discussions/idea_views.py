"""An idea's pages: bringing one, reading it, supporting it, and what its author can do."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commons.activities.eligibility import eligibility
from commons.comments.places import Place, conversation
from commons.comments.refused import Refused
from commons.core import clock
from commons.core.caching import public_page
from commons.core.htmx import changed
from commons.integrity.traces import remember, trace_of
from commons.people import drafts
from discussions import idea_author, ideas, ladder
from discussions.forms import IdeaForm, NoticeForm, RetireForm
from discussions.forum import open_forum
from discussions.models import Discussion, Idea

DRAFT = "idea"
LONG_QUEUE = 500  # with more ideas waiting, moderators are slower than promised, and the page says so


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The form for a new idea. Whoever is not signed in fills it in all the same, and signs in last."""
    forum = open_forum()
    if forum is None:
        raise Http404
    if request.method == "POST" and not request.user.is_authenticated:
        return drafts.keep_and_sign_in(request, DRAFT, request.POST.dict(), request.get_full_path())
    typed = drafts.kept(request, DRAFT)
    form = IdeaForm(request.POST) if request.method == "POST" else IdeaForm(initial=typed)
    if request.user.is_authenticated and form.is_bound and form.is_valid():
        try:
            idea = ideas.bring(forum, request.user, **form.cleaned_data)
        except Refused as refused:
            drafts.keep(request, DRAFT, request.POST.dict())
            form.add_error(None, _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, DRAFT)
            said = _("Your idea is in. Reference %(reference)s. Send its address to people who may sponsor it.")
            if idea.state == Idea.State.HELD:
                said = _("Your idea waits for a moderator. Reference %(reference)s.")
            said %= {"reference": idea.contribution.reference}
            return changed(request, fragment="", context={}, url=idea.get_absolute_url(), said=said)
    context = {"form": form, "forum": forum, "allowed": eligibility(request.user, forum), "typed": typed}
    return render(request, "ideas/bring.html", context, status=422 if form.is_bound else 200)


def similar(request: HttpRequest) -> HttpResponse:
    """Ideas like the title being typed, as a fragment."""
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:80]
    found = []
    if len(title) >= 8:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, title, language, support_count FROM discussions_idea"
                " WHERE state = 'open' AND title %% %s ORDER BY similarity(title, %s) DESC, id LIMIT 3",
                [title, title],
            )
            found = cursor.fetchall()
    return render(request, "ideas/_similar.html", {"found": found})


@public_page
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    now = clock.now()
    supports = request.user.is_authenticated and idea.supports.filter(person=request.user).exists()
    response = getattr(idea, "response", None)
    shown = response if response and response.published_at else None
    place = Place(idea.activity, idea.get_absolute_url(), f"idea-{idea.pk}", idea)
    context = {
        "idea": idea, "supports": supports, "now": now, "response": shown, "steps": ladder.steps(idea),
        "points": list(shown.points.all()) if shown else [],
        "notices": idea.notices.all()[:5],
        "takes_support": idea.takes_support(now),
        "long_queue": idea.state == Idea.State.SPONSORED and queue_is_long(),
        "late": bool(idea.answer_due and idea.answer_due < now.date() and not idea.answered_at),
        **conversation(request, place, now),
    }  # fmt: skip
    return render(request, "ideas/detail.html", context)


def queue_is_long() -> bool:
    return len(Idea.objects.waiting_for_moderators().values_list("pk")[: LONG_QUEUE + 1]) > LONG_QUEUE


def idea_for(request: HttpRequest, pk: int) -> Idea:
    """The idea, if this person may see it and its forum; else 404."""
    known = Idea.objects.visible_to(request.user).filter(activity__in=Discussion.objects.visible_to(request.user))
    return get_object_or_404(
        known.select_related(
            "activity__institution",
            "activity__group",
            "institution",
            "author",
            "sector",
            "region",
            "contribution",
            "response",
            "better",
        ),
        pk=pk,
    )


@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """`support=on` supports, anything else takes back."""
    idea = idea_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, idea.get_absolute_url())
    wanted = request.POST.get("support") == "on"
    trace = trace_of(request)
    count = ideas.support(pk, request.user.pk, wanted=wanted, trace=trace)
    if count is None:
        said = why_not(request, idea)
        supports = idea.supports.filter(person=request.user).exists()
    else:
        idea.support_count, supports = count, wanted
        said = _("You support this idea.") if wanted else _("You no longer support this idea.")
    context = {"idea": idea, "supports": supports, "takes_support": idea.takes_support(clock.now()), "said": said}
    url = idea.get_absolute_url()
    response = changed(request, fragment="ideas/_support.html", context=context, url=url, said=said)
    return response if count is None else remember(request, response, trace)


def why_not(request: HttpRequest, idea: Idea) -> str:
    """Why the support of this person could not change."""
    if idea.author_id == request.user.pk:
        return _("This is your own idea: others support it.")
    allowed = eligibility(request.user, idea.activity)
    if not allowed.allowed:
        return allowed.reason
    if idea.answer_due:
        return _("The institution owes an answer because of this support, so it stays.")
    return _("This idea takes no support any more.")


@require_http_methods(["GET", "HEAD", "POST"])
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author lays it down."""
    idea = own_idea(request, pk)
    if isinstance(idea, HttpResponse):
        return idea
    form = RetireForm(request.POST or None)
    if request.user.is_authenticated and request.method == "POST" and form.is_valid():
        try:
            idea_author.retire(idea, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("Your idea is laid down.")
            return changed(request, fragment="", context={}, url=idea.get_absolute_url(), said=said)
    return render(request, "ideas/retire.html", {"form": form, "idea": idea}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author writes to everybody who supports it."""
    idea = own_idea(request, pk)
    if isinstance(idea, HttpResponse):
        return idea
    form = NoticeForm(request.POST or None)
    if request.user.is_authenticated and request.method == "POST" and form.is_valid():
        try:
            idea_author.tell_supporters(idea, request.user, form.cleaned_data["words"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("Everybody who supports your idea is told.")
            return changed(request, fragment="", context={}, url=idea.get_absolute_url(), said=said)
    return render(request, "ideas/notice.html", {"form": form, "idea": idea}, status=422 if form.is_bound else 200)


def own_idea(request: HttpRequest, pk: int) -> Idea | HttpResponse:
    """The idea for its author, the way to sign in for whoever is not; else 404."""
    idea = idea_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if idea.author_id != request.user.pk:
        raise Http404
    return idea
