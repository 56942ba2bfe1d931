"""Who sees results, and when. Before that, no page says anything that could give them away."""

import re

import pytest
from django.test import Client

from commons.activities.models import Activity
from commons.audit.models import Entry
from commons.directory.models import Post
from tests.cast import person
from tests.polls.conftest import cast, counted, set_window

pytestmark = pytest.mark.django_db

# Numbers no page has by chance. 37 ballots: 23 red, 14 green.
RED, GREEN = 23, 14
CANARIES = re.compile(r"\b(23|14|37)\b(?! November)|62\.1|37\.8")


@pytest.fixture
def voted(make_poll, people):
    """A poll in which 37 people have voted, with this policy."""

    def make(shown: str, **fields):
        poll = make_poll(shown=shown, **fields)
        voters = people(RED + GREEN)
        for place, voter in enumerate(voters):
            cast(poll, voter, **{"o1" if place < RED else "o2": 1})
        counted(poll)
        return poll

    return make


def browser(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def shows(page: str) -> bool:
    return "62.2 %" in page and "37.8 %" in page


def result_pages(client: Client, slug: str) -> list[str]:
    addresses = [
        f"/polls/{slug}/",
        f"/polls/{slug}/results/",
        f"/polls/{slug}/embed/",
        f"/polls/{slug}/ballot/",
        f"/hi/polls/{slug}/results/",
    ]
    return [client.get(address).content.decode() for address in addresses]


def test_always_means_while_it_is_open(voted):
    poll = voted("always")
    assert all(shows(page) for page in result_pages(browser(), poll.slug)[:2])


def test_after_voting_means_whoever_has_voted_and_all_after_the_close(voted, asha, bilal):
    poll = voted("after_vote")
    cast(poll, asha, o1=1)
    assert "63.2 %" in browser(asha).get(f"/polls/{poll.slug}/results/").content.decode()
    for client in (browser(), browser(bilal)):
        assert "63.2 %" not in client.get(f"/polls/{poll.slug}/results/").content.decode()
    set_window(poll, "-1 hour", "-1 second")
    for client in (browser(), browser(bilal)):
        assert "63.2 %" in client.get(f"/polls/{poll.slug}/results/").content.decode()


def test_after_the_close_means_not_before(voted, asha):
    poll = voted("after_close")
    cast(poll, asha, o1=1)
    assert "63.2 %" not in browser(asha).get(f"/polls/{poll.slug}/results/").content.decode()
    set_window(poll, "-1 hour", "-1 second")
    assert "63.2 %" in browser().get(f"/polls/{poll.slug}/results/").content.decode()


def test_officials_first_ends_by_the_clock_without_anybody_doing_anything(voted):
    poll = voted("officials_first", hours_first=48)
    set_window(poll, "-10 days", "-47 hours")
    assert not any(shows(page) for page in result_pages(browser(), poll.slug))
    set_window(poll, "-10 days", "-49 hours")
    assert all(shows(page) for page in result_pages(browser(), poll.slug)[:2])


def test_no_more_than_48_hours_can_be_set(poll):
    from django.db import IntegrityError, transaction

    from polls.models import Poll

    set_window(poll, "+1 hour", "+2 hours")
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(hours_first=49)


@pytest.mark.parametrize("shown", ["after_vote", "after_close", "officials_first"])
def test_nothing_gives_the_results_away_before_their_time(voted, shown, asha, meera):
    poll = voted(shown)
    everywhere = ["/", "/polls/", "/activities/", "/institutions/education/"]
    for client in (browser(), browser(asha), browser(meera)):
        pages = result_pages(client, poll.slug) + [client.get(url).content.decode() for url in everywhere]
        for page in pages:
            assert not shows(page)
            # How many took part is public; every other number of the results is not.
            without = page.replace("37 people took part", "").replace("37 लोगों", "")
            without = re.sub(
                r'(id|class|href|d|viewBox|content|value|src|name|for|hx-\w+)="[^"]*"|<(script|style).*?</\2>',
                "",
                without,
            )
            without = re.sub(r"(?s)<(aside|footer|header|head)\b.*?</\1>", "", without)
            assert not re.search(r"62\.|37\.8|<rect", without)


def test_what_the_search_for_canaries_finds(voted):
    """The control: where results are shown, the same search finds them."""
    poll = voted("always")
    assert re.search(r"62\.|37\.8|<rect", browser().get(f"/polls/{poll.slug}/").content.decode())


def test_with_few_ballots_a_running_count_would_tell_who_voted_what(make_poll, people):
    poll = make_poll(shown="always")
    for voter in people(9):
        cast(poll, voter, o1=1)
    assert "Results are shown once 10 people have voted." in browser().get(f"/polls/{poll.slug}/").content.decode()
    cast(poll, people(1)[0], o1=1)
    assert "100.0 %" in browser().get(f"/polls/{poll.slug}/").content.decode()


def test_a_void_poll_says_why_and_shows_no_result(voted):
    poll = voted("always")
    Activity.objects.filter(pk=poll.pk).update(state="withdrawn", withdrawn_reason="An option was missing.")
    pages = result_pages(browser(), poll.slug)
    assert "An option was missing." in pages[0]
    assert not any(shows(page) for page in pages)


def test_n_dates_channels_and_what_it_is_not_stand_beside_the_result(voted):
    poll = voted("always")
    page = browser().get(f"/polls/{poll.slug}/results/").content.decode()
    assert "37 ballots" in page
    assert "Web 37" in page
    assert "self-selected, not a sample" in page
    assert "<table>" in page


# -- whoever works on them ---------------------------------------------------------------------------------------------


@pytest.fixture
def analyst(education):
    user = person("ana", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.ANALYST, institution=education)
    return user


def test_an_analyst_of_the_institution_sees_them_before_and_it_is_recorded(voted, analyst):
    poll = voted("after_close")
    page = browser(analyst).get(f"/admin/polls/poll/{poll.pk}/results/")
    assert shows(page.content.decode())
    entry = Entry.objects.get(verb="poll.look")
    assert (entry.actor_id, entry.activity_id) == (analyst.pk, poll.pk)


def test_once_they_are_public_a_look_is_not_recorded(voted, analyst):
    poll = voted("after_close")
    set_window(poll, "-1 hour", "-1 second")
    browser(analyst).get(f"/admin/polls/poll/{poll.pk}/results/")
    assert Entry.objects.filter(verb="poll.look").count() == 0


def test_another_ministry_and_citizens_do_not(voted, dev, asha):
    poll = voted("after_close")
    assert browser(dev).get(f"/admin/polls/poll/{poll.pk}/results/").status_code == 404
    assert browser(asha).get(f"/admin/polls/poll/{poll.pk}/results/").status_code == 302


# -- on other sites ----------------------------------------------------------------------------------------------------


def test_any_site_may_frame_what_is_public_and_nothing_of_a_person(voted, asha):
    poll = voted("after_vote")
    cast(poll, asha, o1=1)
    answer = browser(asha).get(f"/polls/{poll.slug}/embed/")
    page = answer.content.decode()
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    assert "63.2 %" not in page  # she has voted and would see it on the poll's own page
    assert "<form" not in page
    assert "Asha" not in page


def test_no_other_page_of_a_poll_can_be_framed(voted):
    poll = voted("always")
    for path in ("", "ballot/", "results/"):
        answer = browser().get(f"/polls/{poll.slug}/{path}")
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
