"""The pages an Indian government site owes its readers (GIGW 3.0), each in both languages and with something to say."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from mygov.pages.footer import PAGES

# What a reader looks for on each page: words of the English text, and of the Hindi one.
SAYS = {
    "about": ("Who runs it", "इसे कौन चलाता है"),
    "contact": ("Web information manager", "वेब सूचना प्रबंधक"),
    "help": ("one-time code|the code we send", "कोड"),
    "feedback": ("Never send passwords", "पासवर्ड"),
    "terms": ("laws of India", "भारत के क़ानून"),
    "privacy": ("Digital Personal Data Protection Act, 2023", "डिजिटल व्यक्तिगत डेटा संरक्षण अधिनियम, 2023"),
    "copyright": ("reproduced free of charge", "बिना शुल्क"),
    "links": ("Links from elsewhere to here", "अन्यत्र से यहाँ की कड़ियाँ"),
    "archive": ("Everything that has closed", "जो बंद हो चुका है"),
    "accessibility": ("Known gaps", "ज्ञात कमियाँ"),
    "screen-readers": ("NVDA", "NVDA"),
    "community-rules": ("Impersonation", "किसी और का रूप धरना"),
}


def read(client: Client, slug: str, language: str) -> str:
    answer = client.get(f"{'/hi' if language == 'hi' else ''}/{slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_footer_leads_to_every_one_of_them_from_the_first_page(client, db) -> None:
    for prefix in ("", "/hi"):
        page = client.get(f"{prefix}/").content.decode()
        foot = page[page.index("<footer") :]
        assert [slug for slug in PAGES if f'href="{prefix}/{slug}/"' not in foot] == []
        assert f'href="{prefix}/sitemap/"' in foot


@pytest.mark.parametrize("slug", PAGES)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_each_page_says_what_it_is_for_and_when_it_was_updated(slug: str, language: str, client, db) -> None:
    page = read(client, slug, language)
    main = page[page.index("<main") : page.index("</main>")]
    assert re.search(SAYS[slug][language == "hi"], main)
    assert f'<time datetime="{PAGES[slug].updated:%Y-%m-%d}">' in main
    assert main.count("<h1") == 1
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("slug", PAGES)
def test_the_hindi_page_is_hindi_and_says_as_much(slug: str, client, db) -> None:
    english, hindi = ((settings.BASE_DIR / f"templates/pages/{code}/{slug}.html").read_text() for code in ("en", "hi"))
    assert len(re.findall("[\u0900-\u097f]", hindi)) > 150
    for element in ("<h2", "<li", "<tr", "<a ", "<dt"):
        assert (element, hindi.count(element)) == (element, english.count(element))


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_statement_of_accessibility_is_dated_measured_and_leads_to_two_contacts(
    language: str, client, db, settings
) -> None:
    statement = read(client, "accessibility", language)
    assert "WCAG" in statement
    assert "axe-core" in statement
    settings.CONTACT = {"mail": "web@example.org", "grievance": "officer@example.org"}
    contact = read(client, "contact", language)
    assert set(re.findall(r"mailto:(\S+?)\"", contact)) == {"web@example.org", "officer@example.org"}


def test_without_an_address_set_the_page_says_so_and_invents_none(client, db, settings) -> None:
    settings.CONTACT = {}
    page = read(client, "contact", "en")
    assert "has not entered an address yet" in page
    assert "mailto:" not in page


def test_only_the_demo_says_that_it_is_one(client, db, settings) -> None:
    settings.DEMO = True
    assert "made-up content" in read(client, "about", "en")
    settings.DEMO = False
    assert "made-up content" not in read(client, "about", "en")


def test_the_owner_stands_on_every_page_in_both_languages(client, db) -> None:
    page = client.get("/").content.decode()
    head = page[: page.index("<main")]
    assert "भारत सरकार" in head
    assert "Government of India" in head
    assert "This portal belongs to the Government of India." in page
