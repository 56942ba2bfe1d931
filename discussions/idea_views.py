"""The open forum, and an idea's pages."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commons.activities.eligibility import eligibility
from commons.comments.places import Place, conversation
from commons.comments.writing import Refused
from commons.core import clock, keyset
from commons.core.caching import public_page
from commons.core.htmx import changed
from commons.people import drafts
from discussions import ideas
from discussions.forms import IdeaForm, RetireForm
from discussions.models import Discussion, Idea

ORDERS = {"supported": ["-support_count", "-id"], "newest": ["-id"]}
DRAFT = "idea"


@public_page
def forum(request: HttpRequest) -> HttpResponse:
    """Ideas of citizens, the most supported or the newest first; what was answered on its own."""
    order = request.GET.get("order", "supported")
    order = order if order in ORDERS else "supported"
    shown = Idea.objects.shown().filter(activity__in=Discussion.objects.published()).select_related("region", "sector")
    if request.GET.get("answered"):
        shown = shown.filter(answered_at__isnull=False)
    q = request.GET.get("q", "").replace("\x00", "")[:100]
    for word in q.split()[:6]:
        shown = shown.filter(title__icontains=word) | shown.filter(ask__icontains=word)
    page = keyset.page(shown, ORDERS[order], request.GET.get("after", ""), 20)
    context = {
        "page": page,
        "order": order,
        "q": q,
        "answered": bool(request.GET.get("answered")),
        "forum": open_forum(),
    }
    return render(request, "ideas/forum.html", context)


def open_forum() -> Discussion | None:
    """Where a new idea goes: the forum that opened last and is open now."""
    return Discussion.objects.filter(is_forum=True).open().select_related("institution").order_by("-opens_at").first()


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
                " WHERE state IN ('open', 'pending') AND title %% %s ORDER BY similarity(title, %s) DESC, id LIMIT 3",
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
    place = Place(idea.activity, idea.get_absolute_url(), f"idea-{idea.pk}")
    context = {
        "idea": idea, "supports": supports, "now": now, "response": shown,
        "points": list(shown.points.all()) if shown else [],
        "missing": max(idea.activity.sponsors_needed - idea.support_count, 0),
        "late": bool(idea.answer_due and idea.answer_due < now.date() and not idea.answered_at),
        **conversation(request, place),
    }  # fmt: skip
    return render(request, "ideas/detail.html", context)


def idea_for(request: HttpRequest, pk: int) -> Idea:
    """The idea, if this person may see it and its forum; else 404."""
    known = Idea.objects.visible_to(request.user).filter(activity__in=Discussion.objects.visible_to(request.user))
    return get_object_or_404(
        known.select_related(
            "activity__institution", "activity__group", "author", "sector", "region", "contribution", "response"
        ),
        pk=pk,
    )


@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, idea.get_absolute_url())
    wanted = request.POST.get("support") == "on"
    count = ideas.support(pk, request.user.pk, wanted=wanted)
    if count is None:
        said = _("This is not possible: it is your own idea, or its support is settled.")
        return changed(request, fragment="ideas/_support.html", context={"idea": idea, "supports": not wanted},
                       url=idea.get_absolute_url(), said=said)  # fmt: skip
    idea.support_count = count
    said = _("You support this idea.") if wanted else _("You no longer support this idea.")
    context = {"idea": idea, "supports": wanted}
    return changed(request, fragment="ideas/_support.html", context=context, url=idea.get_absolute_url(), said=said)


@require_http_methods(["GET", "HEAD", "POST"])
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author lays it down."""
    idea = idea_for(request, pk)
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    if idea.author_id != request.user.pk:
        raise Http404
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ideas.retire(idea, request.user, **form.cleaned_data)
        return changed(request, fragment="", context={}, url=idea.get_absolute_url(), said=_("Your idea is laid down."))
    return render(request, "ideas/retire.html", {"form": form, "idea": idea}, status=422 if form.is_bound else 200)
