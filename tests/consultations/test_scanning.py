"""What the scanner says of an attachment; and that nobody gets a file it has said nothing of."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from commons.audit.models import Entry
from consultations import attachments, jobs, responding, scanning
from consultations.models import Submission, SubmissionFile
from mygov.notifications import telling
from mygov.notifications.models import Notification
from tests.clamd import EICAR, running
from tests.consultations.test_bad_files import rows
from tests.consultations.test_responding import WHOLE
from tests.consultations.test_sources import pdf

CLEAN = pdf([["A response of many words"]])
INFECTED = pdf([["A response", "MARK"]]).replace(b"(MARK) Tj", b"%" + EICAR + b"\n")  # a reader mends the lengths
NOBODY_THERE = "127.0.0.1:1"


@pytest.fixture
def clamd(settings):
    with running() as server:
        settings.SCANNER = server.address
        yield server


@pytest.fixture
def site(consultation):
    return consultation.get_absolute_url()


@pytest.fixture
def send(client, asha, site):
    """Asha sends a file with the words of `WHOLE`."""
    client.force_login(asha)

    def sent(data: bytes, **typed):
        file = SimpleUploadedFile("letter.pdf", data)
        return client.post(f"{site}submission/", {**WHOLE, **typed, "file": file})

    return sent


def got(client, site) -> int:
    """How the way to the only attachment ends."""
    return client.get(f"{site}submissions/{Submission.objects.get().pk}/file/", follow=True).status_code


def later():
    """A minute on, as the database sees it."""
    SubmissionFile.objects.update(tried_at=timezone.now() - timedelta(minutes=2))


def test_a_clean_file_is_passed_and_what_was_scanned_is_what_is_kept(send, clamd, site):
    assert send(CLEAN).status_code == 302
    file = SubmissionFile.objects.get()
    assert clamd.scanned == [bytes(file.data)]
    assert file.scanned_at is not None
    assert got(Client(), site) == 200


def test_an_infected_file_is_refused_beside_its_field_and_nothing_of_it_is_kept(send, clamd):
    before = rows()
    response = send(INFECTED)
    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].startswith("The virus scanner found harmful software")
    assert "too few" in response.content.decode()  # what was typed
    assert rows() == before


def test_without_a_scanner_the_same_file_is_kept_and_no_page_speaks_of_scanning(send, site, client, settings):
    assert settings.SCANNER == ""
    assert send(INFECTED).status_code == 302
    assert got(Client(), site) == 200
    for page in ("submissions/", "responses/", "submission/"):
        assert "scan" not in client.get(site + page).content.decode()
        assert "checked" not in client.get(site + page).content.decode().replace("checked>", "").replace(
            " checked ", ""
        )


def test_while_the_scanner_is_away_the_response_is_there_and_the_file_is_nobodys(
    send, site, client, asha, bilal, meera, settings
):
    settings.SCANNER = NOBODY_THERE
    assert send(CLEAN).status_code == 302
    assert Submission.objects.get().state == "visible"
    for person in (None, asha, bilal, meera):
        browser = Client()
        if person:
            browser.force_login(person)
        assert got(browser, site) == 404
    own = client.get(f"{site}responses/").content.decode()
    assert "letter.pdf" in own
    assert "waits to be checked for harmful software" in own
    assert "waits to be checked" in client.get(f"{site}submission/").content.decode()
    seen = Client().get(f"{site}submissions/").content.decode()
    assert "waits to be checked" in seen
    assert "letter.pdf" not in seen
    client.force_login(meera)
    desk = client.get(f"{site}workbench/?of=whole").content.decode()
    assert "waits to be checked" in desk
    assert "/file/" not in own + seen + desk


def test_a_worker_takes_it_to_the_scanner_later(send, site, clamd, settings):
    settings.SCANNER = NOBODY_THERE
    send(CLEAN)
    jobs.scan_files()  # still away
    assert got(Client(), site) == 404
    settings.SCANNER = clamd.address
    assert scanning.scan_what_waits() == 0  # it was tried a moment ago
    later()
    assert scanning.scan_what_waits() == 1
    assert got(Client(), site) == 200
    assert scanning.scan_what_waits() == 0  # once


def test_one_found_later_is_thrown_away_and_its_author_told(send, site, client, asha, bilal, meera, clamd, settings):
    settings.SCANNER = NOBODY_THERE
    send(INFECTED)
    settings.SCANNER = clamd.address
    jobs.scan_files()
    file = SubmissionFile.objects.get()
    assert (bytes(file.data), file.size, file.refused_at is None) == (b"", 0, False)
    assert Submission.objects.get().body == WHOLE["body"]
    telling.expand()
    [told] = Notification.objects.all()
    assert (told.person, told.event, told.path) == (asha, "attachment refused", f"{site}responses/")
    assert "was thrown away" in client.get(f"{site}responses/").content.decode()
    assert "letter.pdf" not in Client().get(f"{site}submissions/").content.decode()
    assert [got(browser, site) for browser in (client, Client())] == [404, 404]
    entry = Entry.objects.get(verb="attachment.refuse")
    assert (entry.words, entry.actor_id) == ("Eicar-Test-Signature", None)

    assert send(CLEAN).status_code == 302  # another takes its place, and would be told of by itself
    assert got(Client(), site) == 200
    SubmissionFile.objects.update(scanned_at=None)
    scanning.refuse(SubmissionFile.objects.get(), "x")
    telling.expand()
    assert Notification.objects.filter(person=asha).count() == 2


def test_a_response_whose_only_file_was_thrown_away_needs_words_or_another(send, client, site, clamd):
    send(CLEAN, body="")
    SubmissionFile.objects.update(scanned_at=None)
    scanning.refuse(SubmissionFile.objects.get(), "x")
    again = client.post(f"{site}submission/", {**WHOLE, "body": ""})
    assert again.context["form"].errors["body"] == ["Write your response, or attach a file."]


def test_what_came_before_there_was_a_scanner_is_scanned_first(send, site, clamd, settings):
    address, settings.SCANNER = settings.SCANNER, ""
    send(CLEAN)
    assert got(Client(), site) == 200
    settings.SCANNER = address
    assert got(Client(), site) == 404
    jobs.scan_files()
    assert got(Client(), site) == 200


def test_what_no_form_has_scanned_waits(consultation, asha, site, clamd):
    """Whoever calls the verb with a file that was never scanned gets no way around."""
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("a.pdf", CLEAN))
    assert got(Client(), site) == 404


def test_one_that_never_gets_a_verdict_does_not_stand_in_the_way(consultation, asha, bilal, clamd):
    for person in (asha, bilal):
        responding.submit(consultation, person, **WHOLE, file=attachments.clean("a.pdf", CLEAN))
    poison, other = SubmissionFile.objects.order_by("pk")
    clamd.answer = b"stream: Can't read file ERROR\0"
    scanning.scan_what_waits()
    clamd.answer = None
    assert scanning.next_one() == other
    assert SubmissionFile.objects.filter(pk=poison.pk, tried_at=None).exists() is False


def test_two_workers_never_have_the_same_file_and_one_replaced_meanwhile_is_left_alone(consultation, asha, clamd):
    submission = responding.submit(consultation, asha, **WHOLE, file=attachments.clean("a.pdf", CLEAN))
    first = scanning.next_one()
    assert scanning.next_one() is None
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("b.pdf", CLEAN))
    scanning.refuse(first, "x")
    file = SubmissionFile.objects.get(submission=submission)
    assert (file.name, file.refused_at, Entry.objects.filter(verb="attachment.refuse").count()) == ("b.pdf", None, 0)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_worker_that_has_a_file_at_the_scanner(consultation, asha, clamd):
    """The scan happens outside every transaction: the author can replace the file meanwhile."""
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("a.pdf", CLEAN))
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(data):
        arrived.set()
        go_on.wait(20)
        return b"stream: Eicar-Test-Signature FOUND\0"

    clamd.verdict = slowly

    def work():
        try:
            scanning.scan_what_waits()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert arrived.wait(20)
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("b.pdf", CLEAN))
    clamd.verdict = lambda data: b"stream: OK\0"
    go_on.set()
    worker.join(30)
    assert SubmissionFile.objects.get().name == "b.pdf"
    assert SubmissionFile.objects.get().refused_at is None


@pytest.mark.django_db
def test_the_database_keeps_nothing_of_a_refused_file(consultation, asha):
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("a.pdf", CLEAN))
    with pytest.raises(IntegrityError, match="submission_file_refused_keeps_nothing"):
        SubmissionFile.objects.update(refused_at=timezone.now())
