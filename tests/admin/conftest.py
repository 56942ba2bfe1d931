"""Browsers of the cast, and education's things that nobody in another ministry may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import models
from django.test import Client
from i18nfield.strings import LazyI18nString

from commons.activities import ledger, lifecycle
from commons.activities.models import Outcome
from commons.audit.models import Entry, Event
from commons.comments import writing
from commons.directory.models import Post, Region, Sector
from consultations import drafting, outline
from consultations.models import Consultation
from discussions import idea_answers, ideas
from discussions.models import Discussion, Idea, IdeaResponse, ResponsePoint
from groups.models import Group
from mygov.moderation.models import ReviewShare, ScreeningRule
from mygov.notifications.models import Delivery, Digest, Notification
from surveys import building
from surveys.models import Question, Section, Survey


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """A browser in which this person is signed in."""

    def made(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return made


def both(words: str) -> LazyI18nString:
    return LazyI18nString({"en": words, "hi": f"{words} हिन्दी"})


@dataclass
class Secrets:
    """Education's rows by model, and the words in them that nobody else may read."""

    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def keep(self, *rows: models.Model) -> None:
        for row in rows:
            self.rows.setdefault(type(row), []).append(row)

    def word(self, name: str) -> str:
        self.words.append(f"CANARY-{name}")
        return self.words[-1]


@pytest.fixture
def secrets(education, meera, arjun, asha, mod, make_discussion, make_poll) -> Secrets:
    """One row of every model in the admin, and one activity in every state."""
    kept = Secrets()
    education.about = both(kept.word("institution"))
    education.save()
    asha.display_name = kept.word("citizen")
    asha.phone = "+919876543210"
    asha.save()
    meera.display_name = kept.word("official")
    meera.save()
    group = Group.objects.create(
        institution=education, slug="canary-group", name=both(kept.word("group")), objective=both("x")
    )
    draft = Discussion(
        institution=education, slug="canary-draft", title=both(kept.word("draft")), summary=both("x"), promise=both("x"),
    )  # fmt: skip
    lifecycle.write(draft, meera)
    waiting = Discussion(
        institution=education, slug="canary-waiting", title=both(kept.word("waiting")), summary=both("x"), promise=both("x"),
    )  # fmt: skip
    lifecycle.write(waiting, meera)
    lifecycle.submit_for_review(waiting, meera)
    running = make_discussion("canary-running", title=both(kept.word("running")), author=meera)
    lifecycle.extend(running, arjun, running.closes_at.replace(year=2999), kept.word("reason"))
    outcome = Outcome(activity=running, headline=both(kept.word("outcome")), body=both("x"))
    lifecycle.write_outcome(outcome, meera)
    comment = writing.write(running, asha, f"{kept.word('comment')} should stay inside.")
    ledger.dispose([comment.contribution], by=meera, standing="read", words=kept.word("answer"))
    forum = make_discussion("canary-forum", is_forum=True, title=both(kept.word("forum")))
    idea = ideas.bring(forum, asha, title=kept.word("idea"), ask="Do it.")
    Idea.objects.filter(pk=idea.pk).update(state=Idea.State.OPEN)
    response = IdeaResponse(idea=idea, summary=kept.word("response"), details="x")
    idea_answers.write_response(response, meera)
    ResponsePoint.objects.create(response=response, point=kept.word("point"), answer="x")
    kept.keep(
        education, group, draft, waiting, running, forum, outcome, comment, comment.contribution, idea.contribution
    )
    kept.keep(idea, response, asha, meera, *Post.objects.filter(institution=education))
    kept.keep(*Entry.objects.filter(words__contains="CANARY"), *Entry.objects.order_by("id")[:1])
    kept.keep(
        make_poll(
            slug="canary-poll", shown="always", title=both(kept.word("poll")), options=(kept.word("option"), "Other")
        )
    )
    law = Consultation(
        institution=education, slug="canary-law", title=both(kept.word("law")), summary=both("x"), promise=both("x")
    )
    lifecycle.write(law, meera)
    text = outline.read(f"## 1. Title\n\n{kept.word('clause')} is to stay inside.")
    drafting.bring_in(law, meera, drafting.propose(law, text))
    kept.keep(law, law.drafts.get())
    # What every institution shares, and what is the platform's: there to be changed by nobody.
    kept.keep(*ScreeningRule.objects.all()[:1], ReviewShare.objects.get())
    told = Notification.objects.create(person=asha, event="reply", key="canary", path="/")
    kept.keep(Delivery.objects.create(notification=told, state="failed", error="canary"))
    kept.keep(Digest.objects.create(person=asha, period="daily", day="2026-11-24", state="failed"))
    kept.keep(*Event.objects.filter(told_at=None)[:1])
    survey = Survey(
        institution=education, slug="canary-survey", title=both(kept.word("survey")), summary=both("x"), promise=both("x"),
    )  # fmt: skip
    lifecycle.write(survey, meera)
    section = building.write_section(Section(survey=survey, title=both(kept.word("section"))), meera)
    asked = Question(section=section, name="canary", kind="short", title=both(kept.word("question")))
    kept.keep(survey, section, building.write_question(asked, meera))
    kept.keep(Region.objects.create(level="state", lgd_code=99, name=both("Region")))
    kept.keep(Sector.objects.create(slug="sector", name=both("Sector")))
    return kept
