"""Names: what claims an office or insults somebody does not stand beside a text before a moderator has looked."""

import pytest
from django.test import Client

from commons.people.models import User
from mygov.moderation import deciding, names, transparency
from mygov.moderation.models import Case, MonthFigures, Name, ScreeningRule
from mygov.notifications import telling
from mygov.notifications.models import Notification

pytestmark = pytest.mark.django_db
OFFICE = "Ministry of Water"


def profile(client, who, **typed):
    client.force_login(who)
    return client.post("/profile/", {"display_name": who.display_name, "language": "en", **typed}, follow=True)


def shown(person):
    return User.objects.get(pk=person.pk).shown_name


@pytest.fixture
def held(client, asha):
    profile(client, asha, display_name=OFFICE)
    return Name.objects.get(author=asha)


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        (OFFICE, "held", "impersonation"),
        ("जल मंत्रालय", "held", "impersonation"),
        ("MODERATOR 7", "held", "impersonation"),
        ("Harami", "held", "offence"),
        ("Guntur farmer", None, None),
        ("Asha Kumari", None, None),
        ("", None, None),
    ],
)
def test_a_name_is_looked_at_when_it_is_chosen(client, asha, name, state, reason):
    profile(client, asha, display_name=name)
    found = Name.objects.filter(author=asha).values_list("state", "state_reason").first()
    assert found == ((state, reason) if state else None)
    assert shown(asha) == (f"Citizen {asha.pk}" if state or not name else name)


def test_its_bearer_reads_why_and_is_told(client, asha, held):
    page = client.get("/profile/").content.decode()
    assert "A moderator looks at your name “Ministry of Water” first." in page
    assert "It contains “ministry”." in page
    telling.expand()
    told = Notification.objects.get(person=asha)
    assert (told.event, told.activity_id, told.path) == ("held", None, f"/people/{asha.pk}/")


def test_the_answer_to_the_form_says_it(client, asha):
    said = profile(client, asha, display_name=OFFICE).content.decode()
    assert f"A moderator looks at your name first; until then others see “Citizen {asha.pk}”." in said


@pytest.mark.parametrize("contact", ["new@example.org", "+919811111111"])
def test_a_name_chosen_at_sign_up_is_looked_at_too(client, contact):
    client.post(
        "/accounts/signup/", {"contact": contact, "password1": "a-long-enough-sentence", "display_name": OFFICE}
    )
    held = Name.objects.get()
    assert (held.text, held.state, held.author.display_name) == (OFFICE, "held", "")


def test_a_moderator_finds_it_in_the_queue_and_gives_it_back(client, asha, held, mod):
    client.force_login(mod)
    rows = client.get("/moderation/", {"kind": "name"}).context["rows"]
    assert [(row.kind, row.text) for row in rows] == [("name", OFFICE)]
    assert OFFICE in client.get(f"/moderation/{held.case.pk}/").content.decode()
    client.post(f"/moderation/{held.case.pk}/decision/", {"what": "approve", "seen": 0})
    assert shown(asha) == OFFICE
    profile(client, User.objects.get(pk=asha.pk), display_name="Asha")
    profile(client, User.objects.get(pk=asha.pk), display_name=OFFICE)
    assert Case.objects.filter(name__author=asha).count() == 1


def test_what_is_hidden_stays_hidden_however_often_it_is_chosen(client, asha, held, mod):
    made = deciding.decide(held.case, mod, "hide", seen=0, reason="impersonation")
    for _n in range(2):
        profile(client, User.objects.get(pk=asha.pk), display_name=OFFICE)
        assert shown(asha) == f"Citizen {asha.pk}"
    page = client.get(f"/moderation/decisions/{made.pk}/").content.decode()
    assert "Why your name was hidden" in page
    assert f"Others see “Citizen {asha.pk}” instead" in page
    client.post(f"/moderation/decisions/{made.pk}/appeal/", {"words": "It is my name."})
    other = User.objects.create_superuser(email="second@example.org", password=None)
    deciding.decide(Case.objects.get(name=held), other, "restore", seen=1)
    assert shown(asha) == OFFICE


def test_another_name_instead_leaves_nothing_to_decide(client, asha, held):
    profile(client, User.objects.get(pk=asha.pk), display_name="Asha")
    case = Case.objects.get(name=held)
    assert (shown(asha), case.standing, case.closed_at is not None) == ("Asha", "gone", True)


def test_a_decision_does_not_take_away_a_name_chosen_since(client, asha, bilal, mod):
    client.force_login(bilal)
    client.post(f"/moderation/people/{asha.pk}/report/", {"reason": "impersonation", "words": ""})
    case = Case.objects.get(name__author=asha)
    User.objects.filter(pk=asha.pk).update(display_name="Asha of Bhopal")
    deciding.decide(case, mod, "hide", seen=0, reason="impersonation")
    assert shown(asha) == "Asha of Bhopal"


def test_a_reader_reports_a_name(client, asha, bilal, mod):
    page = Client().get(f"/people/{asha.pk}/").content.decode()
    assert f"/moderation/people/{asha.pk}/report/" in page
    client.force_login(bilal)
    assert client.get(f"/moderation/people/{asha.pk}/report/").status_code == 200
    assert not Name.objects.exists()  # reading the form writes nothing
    sent = client.post(f"/moderation/people/{asha.pk}/report/", {"reason": "offence", "words": ""}, follow=True)
    assert "A moderator will look at it" in sent.content.decode()
    case = Case.objects.get(name__author=asha)
    assert (case.report_count, case.activity, shown(asha)) == (1, None, asha.display_name)
    deciding.decide(case, mod, "hide", seen=0, reason="offence")
    telling.expand()
    assert shown(asha) == f"Citizen {asha.pk}"
    assert Notification.objects.get(person=bilal).event == "report upheld"


def test_a_report_that_is_not_complete_writes_nothing(client, asha, bilal):
    client.force_login(bilal)
    assert client.post(f"/moderation/people/{asha.pk}/report/", {"reason": ""}).status_code == 422
    assert not Name.objects.exists()


def test_nobody_reports_their_own_name_or_one_that_is_not_there(client, asha, held):
    client.force_login(asha)
    assert client.get(f"/moderation/people/{asha.pk}/report/").status_code == 404  # it is held: nobody sees it
    User.objects.filter(pk=asha.pk).update(display_name="Asha")
    assert client.get(f"/moderation/people/{asha.pk}/report/").status_code == 403
    assert client.get("/moderation/people/999999/report/").status_code == 404


def test_officials_bear_the_names_they_work_under(client, meera):
    User.objects.filter(pk=meera.pk).update(display_name="Ministry of Education, Meera Joshi")
    names.chosen(User.objects.get(pk=meera.pk))
    assert not Name.objects.exists()


def test_the_offices_are_a_rule_administrators_change(client, asha, admin):
    rule = ScreeningRule.objects.get(kind="names")
    rule.words += "\nsarpanch"
    rule.change(admin)
    profile(client, asha, display_name="Sarpanch of Rampur")
    assert Name.objects.get(author=asha).case.findings == [
        {"rule": "names", "version": 2, "weight": 10, "words": "It contains “sarpanch”."}
    ]


def test_a_decision_about_a_name_counts_in_no_institution(asha, held, mod):
    deciding.decide(held.case, mod, "hide", seen=0, reason="impersonation")
    transparency.fold()
    rows = MonthFigures.objects.values_list("institution", "reason", "hidden")
    assert sorted(rows, key=str) == [(None, "impersonation", 1), (None, None, 1)]
