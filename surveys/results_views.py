"""The results for citizens: numbers with how many answered and when, never a sample of the country."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commons.activities.models import Activity
from commons.core.caching import public_page
from surveys import rules
from surveys.results import SMALL, results_of
from surveys.views import SURVEYS


@public_page
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What came out, once the survey's policy lets citizens see it; before, only from when on."""
    survey = SURVEYS.get(request.user, slug)
    now = survey.read_at  # type: ignore[attr-defined]
    context = {
        "activity": survey, "now": now, "phase": survey.phase(now), "results_from": survey.results_from(), "small": SMALL,
        "early": not (survey.state == Activity.State.PUBLISHED and survey.shows_results(now)),
        "found": results_of(survey) if rules.may_see_results(request.user, survey, now) else None,
    }  # fmt: skip
    return render(request, "surveys/results.html", context)
