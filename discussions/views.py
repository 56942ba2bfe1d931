"""The discussions' list and a discussion's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import SlugField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from commons.activities.views import activity_list, page_context
from commons.comments.places import Place, conversation
from commons.core.caching import public_page
from commons.core.compiled import Compiled, Given
from discussions.models import Discussion

if TYPE_CHECKING:
    from commons.people.models import User


@public_page
def discussion_list(request: HttpRequest) -> HttpResponse:
    return activity_list(request, kind="discussions", title=_("Discussions"))


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, and the conversation about it. Officials of the institution see drafts as citizens will."""
    discussion = discussion_for(request.user, slug)
    context = page_context(request, discussion)
    if discussion.conversation != Discussion.Conversation.NONE:
        context |= conversation(request, Place(discussion, discussion.get_absolute_url()), context["now"])
    return render(request, "discussions/detail.html", context)


FOR_CITIZENS = Compiled(
    lambda: Discussion.objects.visible_to(AnonymousUser()).for_page().filter(slug=Given("slug", SlugField()))
)


def discussion_for(user: User | AnonymousUser, slug: str) -> Discussion:
    """The discussion, if this person may see it; else 404. All who are not officials see the same ones."""
    if user.is_staff or user.is_superuser:
        return get_object_or_404(Discussion.objects.visible_to(user).for_page(), slug=slug)
    for discussion in FOR_CITIZENS.rows(slug=slug):
        return discussion
    raise Http404
