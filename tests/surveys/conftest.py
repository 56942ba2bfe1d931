"""A survey of education's, open for ten days, with a condition, a table and a required question."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from surveys.models import Question, Section, Survey

HTMX = {"hx-request": "true"}


def both(en: str, hi: str = "") -> LazyI18nString:
    return LazyI18nString({"en": en, "hi": hi or f"{en} (हिन्दी)"})


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": {"en": code.title(), "hi": f"{code} हिन्दी"}} for code in codes]


def ask(section: Section, name: str, kind: str, **fields: Any) -> Question:
    place = section.questions.count() + 1
    fields = {"title": both(f"About {name}"), "position": place, **fields}
    return Question.objects.create(survey=section.survey, section=section, name=name, kind=kind, **fields)


def add_section(survey: Survey, **fields: Any) -> Section:
    place = survey.sections.count() + 1
    fields = {"title": both(f"Section {place}"), "slug": f"part-{place}", "position": place, **fields}
    return Section.objects.create(survey=survey, **fields)


@pytest.fixture
def make_survey(education) -> Callable[..., Survey]:
    """Makes a survey without questions straight in the database: open for ten days unless told otherwise."""

    def make(slug: str = "way-to-school", **fields: Any) -> Survey:
        now = timezone.now()
        fields = {
            "institution": education, "title": both("The way to school"), "summary": both("How do children come?"),
            "promise": both("We publish the numbers."), "state": "published", "conversation": "none",
            "published_at": now - timedelta(days=1), "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=10),
            **fields,
        }  # fmt: skip
        return Survey.objects.create(slug=slug, **fields)

    return make


@pytest.fixture
def survey(make_survey) -> Survey:
    """Walks or takes a bus; who takes a bus is asked how long; then a second page."""
    made = make_survey()
    first = add_section(made)
    ask(first, "how", "single", options=options("walk", "bus"), required=True)
    ask(first, "minutes", "number", shown_when="{how} = 'bus'", required=True, least=1, most=300)
    ask(first, "why", "multi", options=options("near", "cheap", "safe"), most=2)
    second = add_section(made)
    ask(second, "rate", "matrix_single", options=options("good", "bad"), rows=options("road", "light"))
    ask(second, "words", "long", title=both("You come by {how}. What else?"))
    return made


@pytest.fixture
def reader(asha) -> Client:
    """Asha's browser."""
    client = Client()
    client.force_login(asha)
    return client


@pytest.fixture
def draft(make_survey, meera) -> Survey:
    return make_survey(state="draft", published_at=None, opens_at=None, author=meera)


@pytest.fixture
def desk(meera) -> Client:
    client = Client()
    client.force_login(meera)
    return client
