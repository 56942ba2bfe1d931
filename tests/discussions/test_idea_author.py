"""What its author may still do with an idea, and how often."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from discussions import idea_author, ideas
from discussions.models import Idea, IdeaNotice


def test_its_author_lays_it_down_once(opened, asha):
    assert idea_author.retire(opened, asha, "done", "The roofs are there.") is True
    assert idea_author.retire(opened, asha, "done", "Again.") is False
    opened.refresh_from_db()
    assert (opened.state, opened.reason_words, opened.state_words) == (
        Idea.State.RETIRED, "It has been done.", "The roofs are there.",
    )  # fmt: skip


def test_nobody_else_lays_it_down(opened, bilal):
    with pytest.raises(PermissionDenied):
        idea_author.retire(opened, bilal, "done", "")


def test_supporters_are_asked_about_a_better_one_and_nobody_is_moved(opened, forum, asha, bilal, client):
    ideas.support(opened.pk, bilal.pk, wanted=True)
    better = ideas.bring(forum, asha, title="Shade at every stop", ask="Trees and roofs.")
    Idea.objects.filter(pk=better.pk).update(state=Idea.State.OPEN, opened_at=timezone.now())
    client.force_login(asha)
    url = f"/ideas/{opened.pk}/retirement/"
    response = client.post(
        url, {"reason": "duplicate", "words": "Same thing.", "better": f"http://x/ideas/{better.pk}/"}
    )
    assert response["Location"] == f"/ideas/{opened.pk}/"
    assert better.supports.count() == 0
    client.force_login(bilal)
    page = client.get(f"/ideas/{opened.pk}/").content.decode()
    assert f'action="/ideas/{better.pk}/support/"' in page


@pytest.mark.parametrize("typed", ["nonsense", "999999", "/ideas/abc/", "9" * 40])
def test_an_address_of_no_idea_is_refused_beside_the_field(opened, asha, client, typed):
    client.force_login(asha)

    response = client.post(
        f"/ideas/{opened.pk}/retirement/", {"reason": "duplicate", "words": "Kept.", "better": typed}
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {"better": ["There is no open idea with this address."]}
    assert "Kept." in response.content.decode()


def test_a_notice_once_in_three_days(opened, asha):
    idea_author.tell_supporters(opened, asha, "We met the mayor.")

    with pytest.raises(ValidationError):
        idea_author.tell_supporters(opened, asha, "And again.")
    IdeaNotice.objects.update(at=timezone.now() - timedelta(days=3, seconds=1))
    idea_author.tell_supporters(opened, asha, "Now it may be told.")
    assert [notice.words for notice in opened.notices.all()] == ["Now it may be told.", "We met the mayor."]


def test_nobody_else_writes_to_supporters(opened, bilal, client):
    with pytest.raises(PermissionDenied):
        idea_author.tell_supporters(opened, bilal, "Hello.")
    client.force_login(bilal)
    assert client.post(f"/ideas/{opened.pk}/notice/", {"words": "Hello."}).status_code == 404
