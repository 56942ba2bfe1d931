"""Nobody gives themselves more power than they were given."""

import pytest
from django.urls import reverse

from commons.audit.models import Entry
from commons.directory.models import Post
from commons.people.models import User
from tests.admin.forms import fields_of
from tests.cast import person

pytestmark = pytest.mark.django_db


def page(user: User) -> str:
    return reverse("admin:people_user_change", args=[user.pk])


def rights(user: User) -> tuple[bool, bool, bool]:
    user.refresh_from_db()
    return user.is_active, user.is_staff, user.is_superuser


@pytest.mark.parametrize("who", ["meera", "arjun", "dev"])
def test_officials_do_not_reach_people(client_of, who, request, admin, asha):
    official = request.getfixturevalue(who)
    client = client_of(official)

    assert [client.get(url).status_code for url in ("/admin/people/user/", page(official), page(admin), page(asha))] == [
        403, 404, 404, 404,
    ]  # fmt: skip
    client.post(page(official), {"is_superuser": "on", "is_staff": "on", "is_active": "on"})
    client.post(page(admin), {"is_active": "", "password": "x"})
    assert (rights(official), rights(admin)) == ((True, True, False), (True, True, True))


def test_not_even_an_administrator_makes_one_or_changes_how_somebody_signs_in(client_of, admin, asha):
    client = client_of(admin)
    before = asha.email, asha.phone, asha.password
    form = fields_of(client.get(page(asha)), "user_form")
    forged = {"is_superuser": "on", "is_staff": "on", "email": "x@example.org", "phone": "+911", "password": "x"}

    answer = client.post(page(asha), {**form, **forged, "level": "3"})

    asha.refresh_from_db()
    assert (answer.status_code, asha.level) == (302, 3)
    assert rights(asha) == (True, False, False)
    assert (asha.email, asha.phone, asha.password) == before


def test_an_administrator_neither_locks_themselves_out_nor_another(client_of, admin):
    other = person("other", is_staff=True, is_superuser=True)
    client = client_of(admin)

    for user in (admin, other):
        client.post(page(user), {"display_name": user.display_name, "is_active": "", "level": "0"})

    assert (rights(admin), rights(other)) == ((True, True, True), (True, True, True))


def test_contact_data_is_masked(client_of, admin, asha):
    User.objects.filter(pk=asha.pk).update(phone="+919876543210")
    client = client_of(admin)

    shown = client.get("/admin/people/user/").content.decode() + client.get(page(asha)).content.decode()

    assert [words in shown for words in ("a…@example.org", "…3210", "asha@example.org", "987654")] == [
        True,
        True,
        False,
        False,
    ]


def test_an_account_is_found_by_its_whole_address_only(client_of, admin, asha):
    client = client_of(admin)

    found = [
        list(client.get(f"/admin/people/user/?q={q}").context["cl"].result_list)
        for q in ("asha@example.org", "@example")
    ]

    assert found == [[asha], []]


@pytest.mark.parametrize("lookup", ["password__startswith=md5", "email__startswith=a", "phone__contains=9"])
def test_a_list_does_not_tell_secrets_sign_by_sign(client_of, admin, asha, lookup):
    assert client_of(admin).get(f"/admin/people/user/?{lookup}").status_code == 400


@pytest.mark.parametrize("who", ["meera", "arjun"])
def test_officials_see_their_posts_and_give_none(client_of, who, request, education, asha):
    official = request.getfixturevalue(who)
    client = client_of(official)
    mine = reverse("admin:directory_post_change", args=[official.posts.get().pk])
    data = {"person": official.pk, "role": "approver", "institution": education.pk}

    answers = [
        client.get(mine),
        client.get("/admin/directory/post/add/"),
        client.post("/admin/directory/post/add/", data),
    ]
    answers += [client.post(mine, data), client.post(mine.replace("change", "delete"), {"post": "yes"})]

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403]
    assert Post.objects.filter(person=official).count() == 1


def test_a_post_opens_the_admin_and_its_end_closes_it(client_of, admin, asha, education):
    client = client_of(admin)
    assert client_of(asha).get("/admin/").status_code == 302
    client.post(
        "/admin/directory/post/add/", {"person": asha.pk, "role": "author", "institution": education.pk, "_save": "1"}
    )
    post = Post.objects.get()
    assert rights(asha) == (True, True, False)
    assert client_of(User.objects.get(pk=asha.pk)).get("/admin/").status_code == 200

    client.post(reverse("admin:directory_post_delete", args=[post.pk]), {"post": "yes"})

    assert rights(asha) == (True, False, False)
    assert list(Entry.objects.order_by("id").values_list("verb", "actor")) == [
        ("post.add", admin.pk), ("post.delete", admin.pk),
    ]  # fmt: skip


def test_a_post_for_nowhere_is_refused_beside_the_form(client_of, admin, asha):
    answer = client_of(admin).post("/admin/directory/post/add/", {"person": asha.pk, "role": "author"})

    assert (answer.status_code, Post.objects.count()) == (422, 0)


@pytest.mark.parametrize("path", ["auth/group/", "account/emailaddress/", "mfa/authenticator/"])
def test_there_is_no_page_for_second_factors_or_djangos_permissions(client_of, admin, path):
    assert client_of(admin).get(f"/admin/{path}").status_code == 404


def test_whoever_is_not_signed_in_goes_to_the_portals_own_sign_in(client):
    answer = client.get("/admin/discussions/discussion/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_the_language_can_be_changed_within_the_admin(client_of, meera):
    client = client_of(meera)

    answer = client.post("/language/", {"language": "hi", "next": "/admin/?x=1"})

    assert answer["Location"] == "/admin/?x=1"
    assert 'lang="hi"' in client.get("/admin/").content.decode()
