"""How an official makes a poll: the ballot and its options in one form, approved by somebody else, voided in public."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from commons.activities import lifecycle
from commons.activities.models import Activity, Contribution
from commons.audit.models import Entry
from polls.models import Option, Picture, Poll
from tests.polls.conftest import cast, set_window

pytestmark = pytest.mark.django_db

ADD = "/admin/polls/poll/add/"


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(education, options: list[tuple[str, str]], **more) -> dict[str, object]:
    """What the form sends."""
    data = {
        "title_0": "Which colour?", "title_1": "कौन-सा रंग?", "summary_0": "Choose.", "summary_1": "चुनिए।",
        "promise_0": "We paint it.", "promise_1": "हम रंगेंगे।", "body_0": "", "body_1": "", "institution": education.pk,
        "method": "single", "ranking": "borda", "shown": "after_vote", "hours_first": "48", "min_level": "1",
        "shuffles": "on", "unit_0": "", "unit_1": "",
        "options-TOTAL_FORMS": str(len(options)), "options-INITIAL_FORMS": "0", "options-MIN_NUM_FORMS": "0",
        "options-MAX_NUM_FORMS": "18", "_continue": "1",
    }  # fmt: skip
    for place, (english, hindi) in enumerate(options):
        data |= {
            f"options-{place}-{name}": "" for name in ("about_0", "about_1", "cost", "alt_0", "alt_1", "id", "poll")
        }
        data |= {f"options-{place}-label_0": english, f"options-{place}-label_1": hindi}
    return data | more


RED_AND_BLUE = [("Red", "लाल"), ("Blue", "नीला")]


def test_a_poll_is_written_with_its_options_and_published_by_somebody_else(education, meera, arjun):
    client = browser(meera)
    response = client.post(ADD, filled(education, RED_AND_BLUE))
    assert response.status_code == 302, response.content.decode()[:3000]
    poll = Poll.objects.get()
    assert [(o.number, o.label.data) for o in poll.options.all()] == [
        (1, {"en": "Red", "hi": "लाल"}), (2, {"en": "Blue", "hi": "नीला"}),
    ]  # fmt: skip
    assert (poll.conversation, poll.author, poll.state) == ("none", meera, "draft")
    assert list(Entry.objects.filter(activity_id=poll.pk).order_by("id").values_list("verb", flat=True)) == [
        "activity.write", "option.write", "option.write",
    ]  # fmt: skip
    client.post(f"/admin/polls/poll/{poll.pk}/submit/", {})
    page = browser(arjun).get(f"/admin/polls/poll/{poll.pk}/publish/").content.decode()
    assert "नीला" in page
    seen = lifecycle.newest_act(poll)
    browser(arjun).post(f"/admin/polls/poll/{poll.pk}/publish/", {"when": "now", "seen": seen})
    assert Activity.objects.get().state == "published"


def test_yes_or_no_has_its_answers_by_itself(education, meera):
    browser(meera).post(ADD, filled(education, [], method="yes_no"))
    assert [str(option) for option in Poll.objects.get().options.all()] == ["Yes", "No", "Can’t say"]


@pytest.mark.parametrize(
    ("options", "more", "said"),
    [
        ([("Red", "लाल")], {}, "A poll has at least two options."),
        ([("Red", "लाल"), ("Blue", "")], {}, "Option 2: say it in English and in Hindi."),
        (RED_AND_BLUE, {"method": "budget", "budget": "100"}, "Option 1: say what it costs."),
        (RED_AND_BLUE, {"method": "pictures"}, "Option 1: add its picture."),
        (RED_AND_BLUE, {"shown": "after_close"}, "Results that are shown after the close need a close."),
    ],
)
def test_what_a_citizen_would_miss_keeps_it_from_being_submitted(education, meera, options, more, said):
    client = browser(meera)
    client.post(ADD, filled(education, options, **more))
    poll = Poll.objects.get()
    client.post(f"/admin/polls/poll/{poll.pk}/submit/", {})
    assert Activity.objects.get().state == "draft"
    page = client.get(f"/admin/polls/poll/{poll.pk}/change/").content.decode()
    assert said in page


def test_an_open_poll_cannot_be_changed_and_can_be_voided_with_a_reason(poll, arjun, meera, asha):
    cast(poll, asha, o1=1)
    client = browser(arjun)
    page = client.get(f"/admin/polls/poll/{poll.pk}/change/").content.decode()
    assert 'name="options-0-label_0"' not in page
    assert "Void the poll" in page
    revise = client.get(f"/admin/polls/poll/{poll.pk}/revise/").content.decode()
    assert 'name="title_0"' not in revise
    assert 'name="promise_0"' in revise
    client.post(f"/admin/polls/poll/{poll.pk}/withdraw/", {"reason": "An option was missing."})
    page = Client().get(f"/polls/{poll.slug}/").content.decode()
    assert "An option was missing." in page
    assert '<form class="paper"' not in page


def test_a_closed_poll_is_not_opened_again(poll, arjun):
    set_window(poll, "-2 days", "-1 hour")
    later = {"closes_at_0": "2999-01-01", "closes_at_1": "10:00", "reason": "More time."}
    response = browser(arjun).post(f"/admin/polls/poll/{poll.pk}/extend/", later)
    assert response.status_code == 422
    assert "Ask anew in another poll." in response.content.decode()


def test_officials_do_not_find_out_who_voted(poll, asha, meera, arjun, admin):
    cast(poll, asha, o1=1)
    line = Contribution.objects.get()
    for official in (meera, arjun, admin):
        client = browser(official)
        assert line.reference not in client.get("/admin/activities/contribution/").content.decode()
        assert client.get(f"/admin/activities/contribution/{line.pk}/change/").status_code == 404
        page = client.get(f"/admin/polls/poll/{poll.pk}/change/").content.decode()
        assert "What was contributed" not in page
        results = client.get(f"/admin/polls/poll/{poll.pk}/results/").content.decode()
        assert asha.display_name not in results


# -- pictures ----------------------------------------------------------------------------------------------------------


def photo(size=(1600, 900), form="JPEG", **saved) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, form, **saved)
    return file.getvalue()


def upload(client, education, content: bytes, name="red.jpg", kind="image/jpeg"):
    files = {"options-0-upload": SimpleUploadedFile(name, content, kind)}
    alts = {"options-0-alt_0": "A red wall", "options-0-alt_1": "लाल दीवार"}
    return client.post(ADD, filled(education, RED_AND_BLUE, method="pictures", **alts, **files))


def test_a_picture_is_made_anew_without_what_the_camera_wrote(education, meera):
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    response = upload(browser(meera), education, photo(exif=exif))
    assert response.status_code == 302
    made = Picture.objects.get()
    assert (made.width, made.height) == (800, 450)
    assert b"SECRETCAMERA" not in bytes(made.webp)
    assert Image.open(BytesIO(bytes(made.webp))).format == "WEBP"
    poll = Poll.objects.get()
    shown = browser(meera).get(f"/polls/{poll.slug}/pictures/1/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert Client().get(f"/polls/{poll.slug}/pictures/1/").status_code == 404


def bomb() -> bytes:
    """A PNG of some kilobytes that claims 20,000 × 20,000 pixels."""
    content = bytearray(photo((8, 8), "PNG"))
    content[16:24] = (20_000).to_bytes(4, "big") * 2
    import zlib

    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a picture we can read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture we can read"),
        (photo((9, 9), "GIF"), "not a picture we can read"),
        (photo()[:500], "not a picture we can read"),
        (bomb(), "too large"),
        (b"\xff\xd8\xff" + b"0" * 6_000_001, "The file is too large"),
    ],
    ids=["svg", "eps", "gif", "cut off", "bomb", "bytes"],
)
def test_what_is_no_picture_is_refused_beside_its_field(education, meera, content, said):
    response = upload(browser(meera), education, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert (Option.objects.count(), Picture.objects.count()) == (0, 0)
