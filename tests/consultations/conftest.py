"""A consultation about a small law, as the public finds it, and ways to bring more of its text in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.activities.models import Activity
from consultations import drafting, outline, responding
from consultations.models import Consultation, Draft

LAW = """# School Meals Rules

## 1. Short title

(1) These rules may be called the School Meals Rules, 2026.
(2) They come into force on the first day of April 2027.

## 2. Definitions

In these rules, unless the context otherwise requires,—
(a) “meal” means a hot cooked meal served on a school day;
(b) “kitchen” means
(i) a room in the school where meals are cooked; or
(ii) a central kitchen that serves several schools.

## 3. Serving

(1) Every child present is served one meal on each school day before one o'clock.
(2) The teacher in charge tastes the meal half an hour before it is served.

## First Schedule

| Class | Calories |
| --- | --- |
| 1 to 5 | 450 |
| 6 to 8 | 700 |
"""


def both(en: str, hi: str = "") -> LazyI18nString:
    return LazyI18nString({"en": en, "hi": hi or f"{en} (हिन्दी)"})


def brought(consultation: Consultation, by, text: str, **more: str) -> Draft | None:
    return drafting.bring_in(consultation, by, drafting.propose(consultation, outline.read(text)), **more)


@pytest.fixture
def make_consultation(education, meera) -> Callable[..., Consultation]:
    """Open for 40 days unless told otherwise, with the text of `LAW`."""

    def make(slug: str = "school-meals-rules", text: str = LAW, **fields: object) -> Consultation:
        now = timezone.now()
        state = fields.pop("state", Activity.State.PUBLISHED)
        fields = {
            "institution": education, "title": both("School Meals Rules", "विद्यालय भोजन नियम"), "note": both("Every child eats."),
            "summary": both("Rules about meals."), "promise": both("We answer every clause."), "author": meera,
            "published_at": now - timedelta(days=1), "opens_at": now - timedelta(days=1), "conversation": "none",
            "closes_at": now + timedelta(days=39), **fields,
        }  # fmt: skip
        made = Consultation.objects.create(slug=slug, **fields)
        if text:
            brought(made, meera, text)
        Activity.objects.filter(pk=made.pk).update(state=state)
        return Consultation.objects.get(pk=made.pk)

    return make


@pytest.fixture
def consultation(make_consultation) -> Consultation:
    return make_consultation()


@pytest.fixture
def label(consultation) -> Callable[[str], int]:
    """The number of the clause that the first draft calls so."""
    return lambda name: consultation.drafts.get(number=1).wordings.get(label=name).clause_id


@pytest.fixture
def answer(consultation, label):
    draft = consultation.drafts.get(number=1)
    return lambda by, name="3(1)", stance="support", **said: responding.respond(
        consultation, draft, label(name), by, stance=stance, **said
    )


def closed(consultation: Consultation) -> Consultation:
    """The same after its close."""
    now = timezone.now()
    Activity.objects.filter(pk=consultation.pk).update(
        opens_at=now - timedelta(days=50), closes_at=now - timedelta(minutes=1)
    )
    return Consultation.objects.get(pk=consultation.pk)
