"""Administrators change the screening rules; nobody else sees them, and nobody adds or deletes one."""

import pytest

from mygov.moderation.models import ScreeningRule

pytestmark = pytest.mark.django_db
LIST = "/admin/moderation/screeningrule/"


def test_a_change_is_a_new_version_that_holds_at_once(client, admin, mod):
    rule = ScreeningRule.objects.get(kind="links")
    client.force_login(admin)
    page = client.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert ('name="threshold"' in page, 'name="words"' in page, 'name="kind"' in page) == (True, False, False)
    client.post(f"{LIST}{rule.pk}/change/", {"enabled": "on", "threshold": 7, "weight": 4})

    rule.refresh_from_db()
    assert (rule.threshold, rule.weight, rule.version) == (7, 4, 2)


def test_the_words_are_edited_where_they_are_listed(client, admin):
    rule = ScreeningRule.objects.get(kind="words")
    client.force_login(admin)
    assert "हरामी" in client.get(f"{LIST}{rule.pk}/change/").content.decode()
    client.post(f"{LIST}{rule.pk}/change/", {"enabled": "on", "weight": 10, "words": "# ours\nxyzzy\nनयाशब्द"})

    rule.refresh_from_db()
    assert (rule.words.split(), rule.version) == (["#", "ours", "xyzzy", "नयाशब्द"], 2)


@pytest.mark.parametrize(("who", "status"), [("meera", 403), ("mod", 403), ("asha", 302)])
def test_others_do_not_see_them(client, who, status, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == status


def test_none_is_added_or_deleted(client, admin):
    rule = ScreeningRule.objects.get(kind="links")
    client.force_login(admin)

    assert [client.get(f"{LIST}{path}").status_code for path in ("add/", f"{rule.pk}/delete/")] == [403, 403]
