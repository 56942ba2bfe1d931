"""Who moderates where, and people of each trust."""

from datetime import timedelta

import pytest
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.activities.models import Contribution
from commons.comments import counting, writing
from commons.comments.models import Comment
from commons.directory.models import Post
from discussions import ideas
from tests.cast import person

LONG = "The school in our village has had no water since the rains, and the children bring bottles from home."


@pytest.fixture
def newcomer(db):
    """Joined an hour ago."""
    return person("newcomer", joined_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def say(discussion):
    """A visible comment that was not screened."""

    def write(by, body=LONG, **fields):
        fields = {"activity": discussion, **fields}
        line = Contribution.objects.create(
            activity=fields["activity"], person=by, kind="comment", excerpt=body[:200], language="en"
        )
        comment = Comment.objects.create(author=by, contribution=line, body=body, body_html=f"<p>{body}</p>", **fields)
        counting.count(comment, +1)
        return comment

    return write


@pytest.fixture
def known(say):
    """Makes people of a month whose reports weigh 1 each."""

    def make(name):
        who = person(name)
        for number in range(3):
            say(who, f"{name} says {number}")
        return who

    return make


@pytest.fixture
def regular(say):
    """Makes people of a month (or so many days) with twenty shown comments, whose reports weigh 3 each."""

    def make(name, days=30):
        who = person(name, joined_at=timezone.now() - timedelta(days=days))
        for number in range(20):
            say(who, f"{name} says {number}")
        return who

    return make


@pytest.fixture
def forum(make_discussion):
    return make_discussion("forum", is_forum=True, title=LazyI18nString({"en": "The forum", "hi": "मंच"}))


@pytest.fixture
def bring(forum):
    def make(by, title="Bicycle stands at every school", ask="Build stands for twenty bicycles.", detail=""):
        return ideas.bring(forum, by, title=title, ask=ask, detail=detail)

    return make


@pytest.fixture
def their_moderator(education):
    """A moderator of the Ministry of Education."""
    user = person("theirs", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR, institution=education)
    return user


@pytest.fixture
def other_moderator(health):
    """A moderator of another ministry."""
    user = person("others", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR, institution=health)
    return user


@pytest.fixture
def write(discussion):
    """A comment through the verb, screened as any other."""

    def make(by, text=LONG, **fields):
        return writing.write(discussion, by, text, **fields)

    return make
