"""The demo's mail and SMS on a page."""

import importlib.util

import pytest
from django.conf import settings as project
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from commons.people import sms
from mygov.demo.models import OutboxMessage
from mygov.demo.outbox import OutboxGateway, OutboxMailBackend

pytestmark = pytest.mark.django_db


def mail(to="asha@example.org", subject="Hello", html="<p>Hello <b>Asha</b></p>"):
    return OutboxMessage.objects.create(channel="mail", recipient=to, subject=subject, body="Hello\nAsha", html=html)


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/demo/outbox/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_outbox_says_what_to_do(client):
    assert "Nothing was sent yet" in page(client)


def test_a_mail_is_kept_once_for_each_recipient_with_text_and_html():
    message = EmailMultiAlternatives("Subject", "Text", to=["asha@example.org"], bcc=["bilal@example.org"])
    message.attach_alternative("<p>Html</p>", "text/html")

    assert OutboxMailBackend().send_messages([message]) == 2
    kept = OutboxMessage.objects.order_by("id").values_list("channel", "recipient", "subject", "body", "html")
    assert list(kept) == [
        ("mail", "asha@example.org", "Subject", "Text", "<p>Html</p>"),
        ("mail", "bilal@example.org", "Subject", "Text", "<p>Html</p>"),
    ]


def test_an_sms_is_kept_and_shown(client, settings):
    settings.SMS_GATEWAY = f"{OutboxGateway.__module__}.OutboxGateway"
    sms.send("+919876543210", sms.SIGN_IN_CODE, code="123456")

    shown = page(client)
    assert "SMS" in shown
    assert "+919876543210" in shown
    assert "123456" in shown


def test_the_newest_comes_first(client):
    mail(subject="First sent")
    mail(subject="Second sent")

    shown = page(client)
    assert shown.index("Second sent") < shown.index("First sent")


def test_one_recipient_at_a_time(client):
    mail("asha@example.org", "For Asha")
    mail("bilal@example.org", "For Bilal")

    shown = page(client, "?to=ASHA@example.org")
    assert "For Asha" in shown
    assert "For Bilal" not in shown
    assert "Nothing went there" in page(client, "?to=nobody")


def test_pages_follow_one_another_and_keep_the_filter(client):
    for number in range(25):
        mail(subject=f"Number {number:02}")
    mail("bilal@example.org", "For Bilal")

    first = client.get("/demo/outbox/?to=asha")
    second = client.get("/demo/outbox/" + first.context["next_url"])

    numbers = [row.subject for row, _language in first.context["rows"] + second.context["rows"]]
    assert numbers == [f"Number {number:02}" for number in reversed(range(25))]
    assert second.context["next_url"] == ""


def test_a_made_up_page_is_not_found(client):
    assert client.get("/demo/outbox/?after=nonsense").status_code == 404


def test_a_null_byte_is_harmless(client):
    assert client.get("/demo/outbox/?to=a%00sha").status_code in {200, 400}


def test_hostile_text_is_shown_as_text(client):
    mail(subject="<script>alert(1)</script>", html="")

    assert "<script>alert" not in page(client)


def test_the_html_has_a_page_of_its_own_in_a_sandbox(client):
    response = client.get(reverse("demo:message", args=[mail().pk]))

    assert response.content == b"<p>Hello <b>Asha</b></p>"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def test_a_message_without_html_has_no_such_page(client):
    assert client.get(reverse("demo:message", args=[mail(html="").pk])).status_code == 404
    assert client.get(reverse("demo:message", args=[10**30])).status_code == 404


def test_three_messages_cost_no_more_queries_than_one(client, django_assert_num_queries):
    mail()
    with django_assert_num_queries(2):
        page(client)
    mail()
    mail()
    with django_assert_num_queries(2):
        page(client)


def test_nobody_posts_to_it(client):
    assert client.post("/demo/outbox/").status_code == 405


def test_it_is_shared_with_no_cache(client):
    assert client.get("/demo/outbox/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/demo/outbox/", "/demo/outbox/1/", "/hi/demo/outbox/", "/demo/", "/demo/components/"]
)
def test_out_of_demo_mode_there_is_no_such_page(client, settings, path):
    mail()
    settings.DEMO = False
    spec = importlib.util.spec_from_file_location("urls_without_demo", project.BASE_DIR / "mygov" / "urls.py")
    settings.ROOT_URLCONF = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(settings.ROOT_URLCONF)

    assert client.get(path).status_code == 404
