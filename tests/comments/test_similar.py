"""What was said before is offered while somebody writes: at most three, in both languages, never in the way."""

import pytest
from django.test import Client

from commons.comments import moderating, reading, similar, voting, writing
from commons.comments.models import Comment
from tests.comments.conftest import match

HTMX = {"HX-Request": "true"}
SAID = [
    "Give eggs twice a week in midday meals",
    "Toilets for girls must be clean and have water",
    "Every school needs a library with a librarian",
    "Buses should run on time in the evening",
    "विद्यालयों में शौचालयों की सफाई रोज़ होनी चाहिए",
    "लड़कियों के लिए अलग शौचालय बनाए जाएँ",
    "शिक्षकों को गैर-शैक्षणिक काम से मुक्त करें",
    "बसें समय पर चलनी चाहिए और सड़कें ठीक होनी चाहिए",
]


@pytest.fixture
def before(say, bilal) -> dict[str, Comment]:
    return {text: say(text, by=bilal) for text in SAID}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("I think the midday meals should have eggs at least twice every week", SAID[0]),
        ("Girls' toilets need clean water in schools", SAID[1]),
        ("We need libraries with librarians in every school please", SAID[2]),
        ("विद्यालय के शौचालय की रोज़ सफाई हो", SAID[4]),
        ("हर स्कूल में लड़की के लिए अलग शौचालय बनाया जाए", SAID[5]),
        ("शिक्षक को गैर शैक्षणिक कामों से मुक्ति मिले", SAID[6]),
        ("Dear ministry, my daughter is seven. I teach in Saharsa.\nPlease give eggs in midday meals!", SAID[0]),
        ("मेरी बेटी सात साल की है। विद्यालय के शौचालय की सफाई रोज़ हो।", SAID[4]),
    ],
)
def test_the_likest_comes_first_whatever_the_endings(before, discussion, typed, found) -> None:
    assert similar.similar(discussion, typed)[0] == before[found].pk


@pytest.mark.parametrize(
    "typed", ["", "eggs", "Hello, my name is Asha.", "नमस्ते, मेरा नाम आशा है", "\x00\x00\x00", "%" * 50, "१२३ ४५६ ७८९ ०१२"]
)
def test_nothing_is_offered_for_nothing(before, discussion, typed) -> None:
    assert similar.similar(discussion, typed) == []


def test_at_most_three_are_offered_the_more_supported_of_equals_first(say, bilal, discussion) -> None:
    same = [say(f"Give eggs in midday meals{'!' * number}", by=bilal) for number in range(6)]
    Comment.objects.filter(pk=same[4].pk).update(up=9)

    found = similar.similar(discussion, "Give eggs in midday meals")
    assert len(found) == 3
    assert found[0] == same[4].pk


def test_only_what_everybody_may_read_in_the_same_place_is_offered(
    say, asha, bilal, mod, discussion, make_discussion
) -> None:
    text = "Give eggs twice a week in midday meals"
    hidden, gone = say(text, by=bilal), say(text + ".", by=asha)
    moderating.hide(hidden, mod, "offence", "Rude.")
    writing.remove(gone, asha)
    say(text, by=bilal, activity=make_discussion("elsewhere"))

    assert similar.similar(discussion, text) == []


def test_it_never_takes_longer_than_a_writer_waits(before, discussion, monkeypatch) -> None:
    monkeypatch.setattr(similar, "SIMILAR", "SELECT 1 FROM pg_sleep(5) WHERE %(offered)s > 0")
    monkeypatch.setattr(similar, "PATIENCE", 50)

    assert similar.similar(discussion, SAID[0]) == []


def test_each_offer_can_be_supported_in_one_press(before, asha, discussion) -> None:
    client = Client()
    client.force_login(asha)
    eggs = before[SAID[0]]
    html = client.get(
        "/comments/similar/midday-meals/", {"body": "Please give eggs in midday meals"}, headers=HTMX
    ).content.decode()
    form = match(r'<form class="votes" method="post" action="([^"]+)" hx-post="\1".*?</form>', html)

    assert "Others said something like it." in html
    assert f'<a href="/comments/{eggs.pk}/#c{eggs.pk}" target="_blank" rel="noopener" lang="en">' in html
    assert form.group(1) == f"/comments/{eggs.pk}/vote/"
    assert '<button class="vote up" name="value" value="1">▲ Support this instead (0)</button>' in form.group()
    assert client.post(form.group(1), {"value": "1"}, headers=HTMX).status_code == 200
    assert reading.mine([eggs.pk], asha.pk).votes == {eggs.pk: 1}


def test_what_one_supports_already_or_said_oneself_has_no_button(before, asha, bilal, discussion) -> None:
    voting.vote(before[SAID[0]].pk, asha.pk, 1)
    for person in (asha, bilal):
        client = Client()
        client.force_login(person)
        html = client.get("/comments/similar/midday-meals/", {"body": SAID[0]}, headers=HTMX).content.decode()
        assert "Give eggs twice" in html
        assert "<form" not in html


def test_whoever_is_not_signed_in_reads_the_offers(client, before, discussion) -> None:
    response = client.get("/comments/similar/midday-meals/", {"body": SAID[4]}, headers=HTMX)

    assert "शौचालयों" in response.content.decode()
    assert "<form" not in response.content.decode()
    assert not response.cookies


def test_nothing_like_it_is_an_empty_fragment(client, before, discussion) -> None:
    response = client.get("/comments/similar/midday-meals/", {"body": "Completely different matters"}, headers=HTMX)

    assert (response.status_code, response.content.strip()) == (200, b"")


def test_without_htmx_it_leads_to_the_conversation(client, discussion) -> None:
    response = client.get("/comments/similar/midday-meals/?body=hello")

    assert (response.status_code, response["Location"]) == (302, "/discussions/midday-meals/")


def test_the_composer_asks_at_a_pause_in_typing_outside_its_form(client, asha, discussion) -> None:
    client.force_login(asha)
    html = client.get("/discussions/midday-meals/").content.decode()
    composer = html[html.index('<div class="composer"') :]

    assert composer.index("</form>") < composer.index('<div class="similar"')
    assert 'hx-trigger="input changed delay:900ms from:previous textarea"' in composer
    assert 'hx-disinherit="*"' in composer  # else the offers' own forms would send what is being typed, and no vote
