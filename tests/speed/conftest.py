"""A small country of which there can be more: so many groups, discussions, comments, ideas, answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.activities import ledger
from commons.activities.models import Activity, ActivityChange, Contribution, Outcome
from commons.comments import writing
from commons.directory.models import Institution, Region, Sector
from commons.follows import following
from commons.people.models import User
from consultations import drafting, outline
from consultations.models import Consultation
from discussions.models import Discussion, Idea
from groups.models import Group
from polls import voting
from surveys.models import Survey
from tests.surveys import conftest as surveys

make_survey = surveys.make_survey
Grow = Callable[[int], None]


@pytest.fixture
def discussion(make_discussion, group) -> Discussion:
    """The one whose pages are counted."""
    return make_discussion("midday-meals", group=group)


@pytest.fixture
def forum(make_discussion) -> Discussion:
    return make_discussion("open-forum", is_forum=True, conversation=Activity.Conversation.NONE, closes_at=None)


@pytest.fixture
def survey(make_survey) -> Survey:
    """A survey of one question, whose results everybody sees."""
    made = make_survey(results="always")
    surveys.ask(surveys.add_section(made), "how", "single", options=surveys.options("walk", "bus"))
    return made


@pytest.fixture
def law(education, meera) -> Consultation:
    """A consultation about a text of one clause."""
    now = timezone.now()
    name = LazyI18nString({"en": "A law", "hi": "एक क़ानून"})
    made = Consultation.objects.create(
        slug="a-law", institution=education, title=name, summary=name, note=name, promise=name, conversation="none",
        published_at=now, opens_at=now, closes_at=now + timedelta(days=40),
    )  # fmt: skip
    drafting.bring_in(made, meera, drafting.propose(made, outline.read("## 1. Title\n\nThis is the law.")))
    Activity.objects.filter(pk=made.pk).update(state=Activity.State.PUBLISHED)
    return made


@pytest.fixture
def grow(make_discussion, make_poll, poll, group, discussion, forum, education, asha, bilal, meera) -> Grow:
    """Adds so many of everything a page lists."""
    made = 0

    def more(n: int) -> None:
        nonlocal made
        for number in range(made, made + n):
            one_more(number)
        made += n

    def one_more(number: int) -> None:
        name = LazyI18nString({"en": f"Number {number}", "hi": f"क्रमांक {number}"})
        Region.objects.create(level="state", lgd_code=number, name=name)
        Sector.objects.create(slug=f"sector-{number}", name=name)
        Institution.objects.create(code=f"body-{number}", name=name, parent=education)
        Group.objects.create(institution=education, slug=f"group-{number}", name=name, objective=name, state="active")
        long_ago = timezone.now() - timedelta(days=30)
        make_discussion(f"open-{number}", group=group)
        make_discussion(f"soon-{number}", group=group, opens_at=timezone.now() + timedelta(days=1))
        closed = make_discussion(
            f"closed-{number}", group=group, opens_at=long_ago, closes_at=long_ago + timedelta(days=3),
            promise_by=long_ago, outcome_at=long_ago,
        )  # fmt: skip
        make_discussion(
            f"late-{number}",
            group=group,
            opens_at=long_ago,
            closes_at=long_ago + timedelta(days=3),
            promise_by=long_ago,
        )
        Outcome.objects.create(activity=closed, headline=name, body=name, published_at=long_ago)
        root = said(f"Root {number} has something to say", asha)
        said(f"Reply {number} to it", bilal, root)
        said(f"Another reply {number} to it", asha, root)
        idea = brought(number, asha)
        writing.write(forum, bilal, f"About idea {number}", anchor=f"idea-{idea.pk}")
        ledger.dispose([root.contribution], by=meera, standing="adopted", words="We do it.")
        make_poll(slug=f"poll-{number}", shown="always")
        voter = User.objects.create_user(f"voter-{number}@example.org", level=1)
        voting.vote(poll, list(poll.options.all()), voter, {1: 1})
        ActivityChange.objects.create(activity=discussion, field="closes_at", reason=f"More time, {number}")
        following.follow(asha, closed)

    def said(text: str, by: User, parent=None):
        return writing.write(discussion, by, text, parent=parent)

    def brought(number: int, by: User) -> Idea:
        line = ledger.receive(forum, by, "idea", f"Idea {number}")
        Contribution.objects.filter(pk=line.pk).update(path="/ideas/")
        return Idea.objects.create(
            activity=forum,
            author=by,
            contribution=line,
            title=f"Idea {number}",
            ask="Do it.",
            institution=forum.institution,
            state=Idea.State.OPEN,
        )

    return more
