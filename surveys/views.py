"""The surveys' list and a survey's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.activities.by_address import ByAddress
from commons.activities.views import activity_list, page_context
from commons.comments.places import Place, conversation
from commons.core.caching import public_page
from surveys import guests, rules
from surveys.models import Question, Survey

SURVEYS = ByAddress(Survey)
MINUTE = 5  # questions a minute, as people answer on a phone


@public_page
def survey_list(request: HttpRequest) -> HttpResponse:
    return activity_list(request, kind="surveys", title=_("Surveys"))


@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked and by whom, how long it takes, and the way in."""
    survey = SURVEYS.get(request.user, slug)
    context = page_context(request, survey)
    asked = survey.questions.current().exclude(kind=Question.Kind.INFO).count()
    context |= {
        "allowed": rules.may_answer(request.user, survey, context["now"]),
        "asked": asked, "minutes": -(-asked // MINUTE),
        "results_from": survey.results_from(), "shows_results": context["is_public"] and survey.shows_results(context["now"]),
        # A guest's own standing is not on this page: it is the same for everybody who is not signed in.
        "mine": guests.respondent(request).response(survey) if request.user.is_authenticated else None,
    }  # fmt: skip
    if survey.conversation != Survey.Conversation.NONE:
        context |= conversation(request, Place(survey, survey.get_absolute_url()), context["now"])
    return render(request, "surveys/detail.html", context)
