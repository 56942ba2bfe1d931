"""What one says of oneself, who sees it, and names that hide nothing."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from commons.core.cleaning import clean_text, validate_name
from commons.directory.models import Region, Sector
from commons.people.models import User
from tests.people.doors import PHONE

PROFILE = "/profile/"


@pytest.fixture
def places(db) -> dict[str, Region]:
    def region(level, code, en, hi, parent=None):
        return Region.objects.create(level=level, lgd_code=code, name={"en": en, "hi": hi}, parent=parent)

    bihar, kerala = region("state", 10, "Bihar", "बिहार"), region("state", 32, "Kerala", "केरल")
    return {
        "bihar": bihar, "kerala": kerala, "patna": region("district", 216, "Patna", "पटना", bihar),
        "gaya": region("district", 205, "Gaya", "गया", bihar), "idukki": region("district", 557, "Idukki", "इडुक्की", kerala),
    }  # fmt: skip


def filled(**changes):
    return {"display_name": "Asha", "about": "", "language": "en", "state": "", "district": "", **changes}


@pytest.mark.django_db
def test_everything_one_says_is_kept(client, asha, places):
    schools = Sector.objects.create(slug="schools-x", name={"en": "Schools"})
    client.force_login(asha)
    answer = client.post(PROFILE, filled(
        display_name="Asha K", about="A teacher.", state=places["bihar"].pk, district=places["patna"].pk,
        languages=["hi", "mai"], interests=[schools.pk], skills=["teaching"], public_fields=["about", "district"],
    ))  # fmt: skip
    assert (answer.status_code, answer.url) == (302, PROFILE)
    asha.refresh_from_db()
    assert (asha.display_name, asha.about, asha.state, asha.district) == (
        "Asha K",
        "A teacher.",
        places["bihar"],
        places["patna"],
    )
    assert (asha.languages, list(asha.interests.all()), asha.skills) == (["hi", "mai"], [schools], ["teaching"])
    assert asha.public_fields == ["about", "district"]


@pytest.mark.django_db
def test_what_may_not_be_set_by_oneself_is_not(client, asha):
    client.force_login(asha)
    extra = {
        "level": 3,
        "is_staff": "on",
        "is_superuser": "on",
        "email": "evil@example.org",
        "phone": PHONE,
        "is_active": "",
    }
    client.post(PROFILE, filled(**extra))
    asha.refresh_from_db()
    assert (asha.level, asha.is_staff, asha.is_superuser, asha.email, asha.phone) == (
        1,
        False,
        False,
        "asha@example.org",
        None,
    )


@pytest.mark.django_db
def test_an_account_closed_while_its_profile_is_saved_stays_closed(client, asha, monkeypatch):
    from commons.people import profile

    client.force_login(asha)
    clean = profile.ProfileForm.clean

    def closed_meanwhile(form):
        User.objects.filter(pk=asha.pk).update(is_active=False)
        return clean(form)

    monkeypatch.setattr(profile.ProfileForm, "clean", closed_meanwhile)
    client.post(PROFILE, filled(display_name="Changed"))
    asha.refresh_from_db()
    assert (asha.display_name, asha.is_active) == ("Changed", False)


@pytest.mark.django_db
def test_without_a_script_the_district_follows_the_state_in_two_steps(client, asha, places):
    client.force_login(asha)
    assert offered(client.get(PROFILE)) == []
    client.post(PROFILE, filled(state=places["bihar"].pk))
    page = client.get(PROFILE)
    assert "Your profile is saved. You can choose your district now." in page.content.decode()
    assert offered(page) == ["Gaya", "Patna"]
    client.post(PROFILE, filled(state=places["bihar"].pk, district=places["patna"].pk))
    client.post(PROFILE, filled(state=places["kerala"].pk, district=places["patna"].pk))  # its list could not follow
    asha.refresh_from_db()
    assert (asha.state, asha.district) == (places["kerala"], None)
    assert offered(client.get(PROFILE)) == ["Idukki"]


def offered(page) -> list[str]:
    return [str(words) for value, words in page.context["form"].fields["district"].widget.choices if value]


@pytest.mark.django_db
def test_with_a_script_the_districts_come_as_a_fragment(client, asha, places):
    client.force_login(asha)
    answer = client.get(f"/profile/districts/?state={places['bihar'].pk}", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert offered(answer) == ["Gaya", "Patna"]
    assert "<html" not in page
    assert 'name="district"' in page
    hindi = client.get(f"/hi/profile/districts/?state={places['bihar'].pk}", headers={"HX-Request": "true"})
    assert offered(hindi) == ["गया", "पटना"]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["", "0", "x", "9" * 50, "१०", "-1"])
def test_a_state_that_is_none_has_no_districts(client, asha, places, state):
    client.force_login(asha)
    answer = client.get("/profile/districts/", {"state": state}, headers={"HX-Request": "true"})
    assert (answer.status_code, offered(answer)) == (200, [])


@pytest.mark.django_db
def test_the_fragment_without_htmx_is_the_profile_and_without_a_person_the_sign_in(client, asha):
    assert client.get("/profile/districts/").url == "/accounts/login/?next=%2Fprofile%2F"
    client.force_login(asha)
    assert client.get("/profile/districts/").url == PROFILE


@pytest.mark.django_db
def test_a_district_of_another_state_is_refused(client, asha, places):
    User.objects.filter(pk=asha.pk).update(state=places["bihar"])
    client.force_login(asha)
    answer = client.post(PROFILE, filled(state=places["bihar"].pk, district=places["idukki"].pk))
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"district": ["This district is in another state."]},
    )


@pytest.mark.django_db
def test_the_public_page_shows_what_was_ticked_and_never_an_address(client, asha, places):
    User.objects.filter(pk=asha.pk).update(
        phone=PHONE, about="A teacher.", state=places["bihar"], district=places["patna"], skills=["teaching"],
        languages=["hi"], public_fields=["about", "district"],
    )  # fmt: skip
    page = client.get(f"/people/{asha.pk}/").content.decode()
    assert "A teacher." in page
    assert "Patna" in page
    for hidden in ("Bihar", "Teaching", "हिन्दी</dd>", "asha@example.org", PHONE, "9876543210"):
        assert hidden not in page


@pytest.mark.django_db
def test_of_a_closed_account_and_of_nobody_there_is_the_same_404(client, asha):
    User.objects.filter(pk=asha.pk).update(is_active=False)
    closed, nobody = client.get(f"/people/{asha.pk}/"), client.get(f"/people/{asha.pk + 1000}/")
    assert (closed.status_code, nobody.status_code) == (404, 404)
    assert closed.content.decode().replace(str(asha.pk), "…") == nobody.content.decode().replace(
        str(asha.pk + 1000), "…"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_each_step_of_verification_says_what_it_allows(client, asha, level):
    User.objects.filter(pk=asha.pk).update(level=level)
    client.force_login(asha)
    answer = client.get(PROFILE)
    assert [step["reached"] for step in answer.context["levels"]] == [n <= level for n in range(4)]
    page = answer.content.decode()
    assert page.count('aria-current="step"') == 1
    assert ("Get verified by a code" in page) is (level == 0)


@pytest.mark.django_db
def test_choosing_hindi_changes_the_page_the_words_and_the_next_visit(client, asha):
    client.force_login(asha)
    assert client.post(PROFILE, filled(language="hi")).url == "/hi/profile/"
    asha.refresh_from_db()
    assert asha.language == "hi"
    assert client.get("/groups/").url == "/hi/groups/"


@pytest.mark.django_db
def test_the_profile_needs_a_person(client):
    assert client.get(PROFILE).url == "/accounts/login/?next=%2Fprofile%2F"
    assert client.post(PROFILE, filled()).url == "/accounts/login/?next=%2Fprofile%2F"


# --- names --------------------------------------------------------------------------------
GOOD = [
    "Asha",
    "आशा कुमारी",
    "क्ष्त्रि",
    "ஸ்ரீ",
    "بِلال",
    "O'Neill-Śarma",
    "M. K.",
    "नन्हीं",
    "ਗੁਰਪ੍ਰੀਤ",
    "Citizen 7",
    "श्री‍",
    "Zoë",
    "ᱥᱟᱱᱛᱟᱲᱤ",
]
BAD = {
    "http://x": "link", "see www.x": "link", "evil.com": "link", "mail.gov.in now": "link",
    "a\u202eb": "control", "a\u2066b": "control", "a\u200bb": "control", "a\u00adb": "control", "a\x07b": "control",
    "a\ue000b": "control", "a\u2028b": "control", "a\ufeffb": "control",
    "=1+1": "formula", "+91": "formula", "-x": "formula", "@x": "formula",
    "a" + "\u0301" * 5: "marks", "क" + "\u094d" * 5: "marks", "क" + "ि" * 5: "marks", "a\u0301\u094d\u0302\u094d\u0303": "marks",
    "\u200d": "blank", "\u3164": "blank", "…": "blank", "🙂": "blank",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_ordinary_names_of_every_script_pass(name):
    validate_name(name)
    assert clean_text(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("name", "code"), BAD.items(), ids=[ascii(name) for name in BAD])
def test_a_name_that_hides_something_is_refused_and_told_why(name, code):
    with pytest.raises(ValidationError) as error:
        validate_name(name)
    assert error.value.code == code


@given(st.text(max_size=80))
def test_a_name_that_passes_carries_nothing_that_hides(name):
    try:
        validate_name(name)
    except ValidationError:
        return
    kept = clean_text(name)
    assert not any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in kept)
    assert not any(
        unicodedata.bidirectional(sign) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDI", "PDF"}
        for sign in kept
    )
    assert "://" not in kept
    run = most = 0
    for sign in unicodedata.normalize("NFD", kept):
        run = run + 1 if unicodedata.combining(sign) else 0
        most = max(most, run)
    assert most <= 4


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize("name", ["a" * 900_000, "a-" * 450_000, "www" * 300_000, "\u0301" * 900_000, "." * 900_000])
def test_a_name_of_a_megabyte_is_judged_at_once(name):
    """By steps, not by the clock: at most a few hundred signs are looked at."""
    import sys

    steps = 0

    def count(*_args):
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        validate_name(name)
    except ValidationError:
        pass
    finally:
        sys.setprofile(None)
    assert steps < 5000


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/profile/", "/hi/profile/"])
def test_a_bad_name_is_refused_beside_its_field_and_what_was_typed_stays(client, asha, path):
    client.force_login(asha)
    if path.startswith("/hi"):
        User.objects.filter(pk=asha.pk).update(language="hi")
    answer = client.post(path, filled(display_name="evil.com", about="Typed for minutes."))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["display_name"]
    page = answer.content.decode()
    assert 'id="id_display_name_error"' in page
    assert "Typed for minutes." in page
    assert User.objects.get(pk=asha.pk).display_name == "Asha"
