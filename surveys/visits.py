"""Who comes to a survey's questions: with which answers so far, and where they are sent when they may not answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from commons.activities.models import Activity
from commons.core.htmx import sent_away
from commons.people import drafts
from commons.people import guests as browsers
from surveys import answering, guests, previewing, rules
from surveys.answering import Respondent
from surveys.asking import Sheet, Walk
from surveys.models import Response, Survey
from surveys.views import SURVEYS


@dataclass
class Visit:
    """One person at one survey."""

    survey: Survey
    sheet: Sheet
    by: Respondent
    response: Response | None
    walk: Walk
    preview: str = ""  # the end of every address while an official tries a draft; nothing is kept then

    def url(self, slug: str | None) -> str:
        where = reverse("surveys:section", args=[self.survey.slug, slug]) if slug else self.review_url
        return where + (self.preview if slug else "")

    @property
    def review_url(self) -> str:
        return reverse("surveys:review", args=[self.survey.slug]) + self.preview

    @property
    def is_preview(self) -> bool:
        return bool(self.preview)


def visit(request: HttpRequest, slug: str) -> Visit | HttpResponse:
    """Who comes to which survey; or where to send them instead: to sign in, or to the survey's page, which says why."""
    survey = SURVEYS.get(request.user, slug)
    sheet = Sheet.of(survey)
    if survey.state in {Activity.State.DRAFT, Activity.State.IN_REVIEW}:
        way = previewing.way(sheet, request.GET.get("way", ""))
        return Visit(survey, sheet, Respondent(request.user), None, Walk(sheet, way.answers), way.query)
    by = guests.respondent(request)
    if not by.user.is_authenticated and not by.guest_key:
        by = Respondent(request.user, browsers.new_key())
    response = by.response(survey)
    allowed = rules.may_answer(request.user, survey)
    sent = response is not None and response.completed_at is not None
    if allowed.code == "sign_in":
        return drafts.to_sign_in(request, request.get_full_path())
    under_way = response is not None and allowed.code == "paused"  # whoever has begun may finish
    if not allowed.allowed and not sent and not under_way:
        messages.warning(request, allowed.reason)
        return sent_away(request, survey.get_absolute_url())
    return Visit(survey, sheet, by, response, answering.walk_of(sheet, by, response))


def answered(visit: Visit, response: HttpResponse) -> HttpResponse:
    """A guest's browser is known again next time."""
    if visit.by.guest_key:
        browsers.remember(response, visit.by.guest_key)
    return response
