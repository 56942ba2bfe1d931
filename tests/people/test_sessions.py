"""A session is new when somebody signs in, dies when it should, and leaves nothing behind on a shared computer."""

import pytest
from django.core import mail
from django.utils import timezone

from commons.people.models import User
from tests.cast import PASSWORD
from tests.people.doors import mailed_code, signed_in

pytestmark = pytest.mark.django_db
PROFILE, LOGIN = "/profile/", "/accounts/login/"
NEW = "quite another password"


def inside(browser) -> bool:
    return browser.get(PROFILE).status_code == 200


def test_signing_in_gives_a_session_nobody_could_have_planted(client, client_of, asha):
    client.post("/drafts/", {"draft_key": "x", "next": "/"})
    planted = client.session.session_key
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    assert client.session.session_key != planted
    thief = client_of()
    thief.cookies["sessionid"] = planted
    assert not inside(thief)


def test_signing_in_by_code_too(client, asha):
    client.post("/accounts/login/code/", {"login": "asha@example.org"})
    planted = client.session.session_key
    client.post("/accounts/login/code/confirm/", {"code": mailed_code()})
    assert client.session.session_key != planted
    assert inside(client)


def test_a_made_up_session_key_is_not_taken(client, asha):
    client.cookies["sessionid"] = "a" * 32
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    assert client.session.session_key != "a" * 32


def test_changing_the_password_ends_every_other_session_and_tells_the_owner(client, client_of, asha):
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    other = client_of()
    other.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer.status_code == 302
    assert (inside(client), inside(other)) == (True, False)
    assert [(m.to, "evil" in m.body) for m in mail.outbox] == [(["asha@example.org"], False)]


def test_a_closed_account_is_out_with_its_next_request(client, asha):
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert not inside(client)


def test_an_account_closed_while_its_password_is_changed_stays_closed(client, asha, monkeypatch):
    from commons.people import code_forms

    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    clean = code_forms.ChangePasswordForm.clean

    def closed_meanwhile(form):
        User.objects.filter(pk=asha.pk).update(is_active=False)
        return clean(form)

    monkeypatch.setattr(code_forms.ChangePasswordForm, "clean", closed_meanwhile)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    asha.refresh_from_db()
    assert (asha.is_active, asha.check_password(NEW)) == (False, True)


@pytest.mark.parametrize("path", ["/accounts/logout/", "/hi/accounts/logout/", "/admin/logout/"])
def test_signing_out_empties_the_browser_and_the_session(client, client_of, mod, path):
    client.force_login(mod)
    key = client.session.session_key
    answer = client.post(path)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    ghost = client_of()
    ghost.cookies["sessionid"] = key
    assert not inside(ghost)


def test_nothing_but_signing_out_empties_the_browser(client, asha):
    client.force_login(asha)
    for path in ("/", PROFILE, "/accounts/logout/"):
        assert "Clear-Site-Data" not in client.get(path)


def test_signing_out_needs_a_button_not_a_link(client, asha):
    client.force_login(asha)
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client) == asha


@pytest.mark.parametrize(("minutes_between", "visits", "comes_through"), [
    (29, 3, True), (31, 1, False), (29, 24, True), (29, 25, False),
])  # fmt: skip
def test_a_staff_session_lives_half_an_hour_idle_and_twelve_hours_in_all(
    client, mod, settings, monkeypatch, minutes_between, visits, comes_through
):
    from commons.people import middleware

    settings.STAFF_NEEDS_SECOND_FACTOR = True
    clock = [timezone.now().timestamp()]
    monkeypatch.setattr(middleware.time, "time", lambda: clock[0])
    client.force_login(mod)
    answer = client.get("/accounts/2fa/")
    for _visit in range(visits):
        clock[0] += minutes_between * 60
        answer = client.get("/accounts/2fa/")
    assert (answer.status_code == 200) is comes_through
    if not comes_through:
        assert answer.url == "/accounts/login/?next=%2Faccounts%2F2fa%2F"


def test_a_citizens_session_is_not_cut_short(client, asha, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    client.force_login(asha)
    client.get(PROFILE)
    assert "staff_since" not in client.session
