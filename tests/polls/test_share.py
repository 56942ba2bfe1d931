"""The picture of a result: for everybody when the results are, in both languages, and never a moment before."""

import json
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from i18nfield.strings import LazyI18nString
from PIL import Image, ImageChops

from commons.activities.models import Activity
from polls import share
from polls.models import Option
from polls.results import results
from tests.polls.conftest import cast, counted, set_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(make_poll, people):
    """Twelve people have voted; the results are shown as said."""

    def make(shown="always", method="single", **fields):
        poll = make_poll(method, shown=shown, **fields)
        for place, voter in enumerate(people(12)):
            cast(poll, voter, **{"o1" if place < 9 else "o2": 1})
        counted(poll)
        return poll

    return make


def picture(poll, language="", **headers):
    return Client().get(f"{language}/polls/{poll.slug}/share.png", headers=headers)


def pixels(response) -> Image.Image:
    return Image.open(BytesIO(response.content)).convert("RGB")


def named_in(client, poll):
    """The picture the pages name to whoever shares them."""
    pages = [client.get(f"/polls/{poll.slug}/{part}").content.decode() for part in ("", "results/")]
    named = ["share.png" in page for page in pages]
    assert named == [f'og:image" content="http://testserver/polls/{poll.slug}/share.png"' in page for page in pages]
    return named


@pytest.fixture(autouse=True)
def here(settings):
    settings.SITE_URL = "http://testserver"


def test_a_public_result_has_a_picture_and_its_pages_name_it(voted, client):
    poll = voted()
    response = picture(poll)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert pixels(response).size == (1200, 630)
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies
    assert named_in(client, poll) == [True, True]


def test_it_says_how_many_when_and_that_it_is_no_sample(voted):
    poll = voted(allows_none=True)
    found = results(poll, list(poll.options.order_by("number")), timezone.now())
    said = share.words(poll, found, timezone.now())
    assert [(bar["label"], bar["length"], bar["words"]) for bar in said["bars"]] == [
        ("Red", 75.0, "75.0 %"), ("Green", 25.0, "25.0 %"), ("Blue", 0.0, "0.0 %"), ("None of these", 0.0, "0.0 %"),
    ]  # fmt: skip
    assert said["facts"].startswith("Results so far · 12 ballots · open from ")
    assert share.words(poll, found, poll.closes_at)["facts"].startswith("12 ballots · open from ")
    assert said["sample"].endswith("this is self-selected, not a sample of the population.")
    with override("hi"):
        said = share.words(poll, found, timezone.now())
    assert (said["language"], said["bars"][0]["label"], said["title"]) == ("hi", "Red हिन्दी", "poll-single के बारे में")
    assert "12 ballots" not in said["facts"]


def test_guests_are_counted_by_themselves(voted):
    poll = voted()
    found = results(poll, list(poll.options.all()), timezone.now())
    assert "guest" not in share.words(poll, found, timezone.now())["facts"]
    with_guests = type(found)("", found.bars, found.ballots, 1_23_456)
    assert "12 ballots · apart from them 1,23,456 guests · " in share.words(poll, with_guests, timezone.now())["facts"]


def test_what_does_not_fit_is_counted(voted):
    poll = voted(options=tuple(f"Option {n}" for n in range(1, 10)))
    found = results(poll, list(poll.options.order_by("number")), timezone.now())
    said = share.words(poll, found, timezone.now())
    assert (len(said["bars"]), said["more"]) == (5, "and 4 more options")
    assert pixels(picture(poll)).size == (1200, 630)


@pytest.mark.parametrize(
    ("shown", "window", "public"),
    [
        ("always", ("-1 day", "1 day"), True),
        ("after_vote", ("-1 day", "1 day"), False),
        ("after_close", ("-1 day", "1 day"), False),
        ("officials_first", ("-3 days", "-1 day"), False),
        ("officials_first", ("-9 days", "-3 days"), True),
        ("after_vote", ("-1 day", "-1 second"), True),
    ],
)
def test_there_is_none_before_everybody_may_see_the_results(voted, client, asha, meera, shown, window, public):
    poll = voted(shown)
    cast(poll, asha, o1=1)
    set_window(poll, *window)
    assert picture(poll).status_code == (200 if public else 404)
    assert named_in(client, poll) == [public, public]
    for who in (asha, meera):  # who sees the results already is offered no picture that others would not get
        client.force_login(who)
        assert client.get(f"/polls/{poll.slug}/share.png").status_code == (200 if public else 404)
        assert named_in(client, poll) == [public, public]


def test_few_ballots_and_a_void_poll_have_none(make_poll, voted, asha, client):
    few = make_poll(slug="few", shown="always")
    cast(few, asha, o1=1)
    assert picture(few).status_code == 404
    void = voted()
    Activity.objects.filter(pk=void.pk).update(state=Activity.State.WITHDRAWN)
    assert picture(void).status_code == 404
    assert named_in(client, void) == [False, False]


def test_officials_get_none_of_a_draft(make_poll, client, meera):
    draft = make_poll(slug="draft", shown="always", state=Activity.State.DRAFT, published_at=None)
    client.force_login(meera)
    assert client.get(f"/polls/{draft.slug}/share.png").status_code == 404
    assert client.get("/polls/no-such/share.png").status_code == 404


def test_whoever_has_it_already_is_told_so_until_a_vote_is_added(voted, asha):
    poll = voted()
    first = picture(poll)
    again = picture(poll, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert picture(poll, "/hi", **{"if-none-match": first["ETag"]}).status_code == 200
    cast(poll, asha, o3=1)
    changed = picture(poll, **{"if-none-match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_a_cached_answer_draws_nothing(voted, monkeypatch):
    poll = voted()
    mark = picture(poll)["ETag"]
    monkeypatch.setattr(share.typst, "compile", None)
    assert picture(poll, **{"if-none-match": mark}).status_code == 304


def test_it_asks_as_often_for_three_options_as_for_nine(voted, django_assert_num_queries):
    for slug, options in (("three", 3), ("nine", 9)):
        poll = voted(slug=slug, options=tuple(f"Option {n}" for n in range(options)))
        picture(poll)
        with django_assert_num_queries(3):
            picture(poll)


def test_a_text_is_never_a_command_of_the_drawing(voted):
    hostile = '#panic("x") $x$ *b* _i_ `c` @r <l> \\ "quoted" {} [] // #read("/etc/passwd") \u202e \x07 𒀀'
    poll = voted(slug="hostile", title=LazyI18nString({"en": hostile, "hi": hostile}))
    set_window(poll, "+1 hour", "+2 hours")
    Option.objects.filter(poll=poll, number=1).update(label=LazyI18nString({"en": hostile * 2, "hi": hostile}))
    set_window(poll, "-2 hours", "-1 hour")
    assert pixels(picture(poll)).size == (1200, 630)
    assert pixels(picture(poll, "/hi")).size == (1200, 630)


def test_hindi_is_set_as_one_reads_it():
    """A vowel sign before its consonant and two consonants in one: set as they are typed, they would stand otherwise."""

    def drawn(words):
        said = {
            "brand": "", "language": "hi", "institution": "", "title": words, "more": "", "room": 310, "facts": "", "sample": "",
            "bars": [{"label": "", "length": 0.0, "words": ""}],
        }  # fmt: skip
        return Image.open(BytesIO(share.drawn(json.dumps(said)))).convert("L")

    def ink(words):
        left, _top, right, _bottom = ImageChops.invert(drawn(words).crop((0, 70, 1200, 200))).point(
            lambda light: 255 if light > 90 else 0
        ).getbbox() or (0, 0, 0, 0)
        return right - left

    assert ink("क्ष") < ink("क") + ink("ष") - 10  # one sign; side by side with a stroke below they are wider
    assert 0 < ink("कि") < ink("क") * 2.5
    missing = drawn("\ue000\ue000")  # what the letters have no sign for
    assert ImageChops.difference(missing, drawn("कि")).getbbox()
