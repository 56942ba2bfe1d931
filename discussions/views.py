"""The discussions' list and a discussion's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.activities.by_address import ByAddress
from commons.activities.views import activity_list, page_context
from commons.comments.places import Place, conversation
from commons.core.caching import public_page
from discussions.models import Discussion

DISCUSSIONS = ByAddress(Discussion)


@public_page
def discussion_list(request: HttpRequest) -> HttpResponse:
    return activity_list(request, kind="discussions", title=_("Discussions"))


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, and the conversation about it. Officials of the institution see drafts as citizens will."""
    discussion = DISCUSSIONS.get(request.user, slug)
    context = page_context(request, discussion)
    if discussion.conversation != Discussion.Conversation.NONE:
        context |= conversation(request, Place(discussion, discussion.get_absolute_url()), context["now"])
    return render(request, "discussions/detail.html", context)
