"""What every answer tells the browser: nothing of other sites, nothing inline, nothing kept that is personal."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db
CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
    "object-src": "'none'", "manifest-src": "'self'", "worker-src": "'self'",
}  # fmt: skip
EXPECTED = {
    "Server": "MyGov",  # names no software
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
}
FRAMED = "/polls/colours/embed/"
ODD = ["/nothing/here/at/all/", "/robots.txt", "/livez", "/static/portal.css", "/?q=%00", "/hi/"]


def told(answer) -> dict[str, str]:
    return {name: answer.headers.get(name, "") for name in EXPECTED}


def policy(answer) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in answer.headers.get("Content-Security-Policy", "").split(";"))
    return {part[0]: part[1] for part in parts if len(part) == 2}


@pytest.mark.parametrize("who", ["anonymous", "asha", "mod", "admin"])
def test_every_answer_carries_them(world, browsers, undone, who):
    client = browsers(who)
    wrong = {}
    for path in [*addresses(), *ODD]:
        for method in ("GET", "POST"):
            with undone():
                answer = client.generic(method, path)
            expected = EXPECTED if path not in {"/livez", "/static/portal.css", "/?q=%00"} else {
                name: value for name, value in EXPECTED.items() if name != "X-Frame-Options"
            }  # fmt: skip
            allowed = CSP
            if (path, method) == (FRAMED, "GET"):  # any site may show it in a frame
                expected = EXPECTED | {"X-Frame-Options": "", "Cross-Origin-Resource-Policy": "cross-origin"}
                allowed = CSP | {"frame-ancestors": "*", "script-src": "'none'", "form-action": "'none'"}
            if {name: told(answer)[name] for name in expected} != expected or policy(answer) != allowed:
                wrong[f"{method} {path}"] = (told(answer), policy(answer))
            assert "X-Powered-By" not in answer.headers, path
    assert wrong == {}


@pytest.mark.parametrize("who", ["asha", "mod", "admin"])
def test_nothing_personal_is_kept_by_a_browser_or_a_cache(world, browsers, undone, who):
    client = browsers(who)
    kept = {}
    for path in addresses():
        with undone():
            answer = client.get(path)
        if "no-store" not in answer.headers.get("Cache-Control", "") and path not in NOT_PERSONAL:
            kept[path] = answer.headers.get("Cache-Control")
    assert kept == {}


NOT_PERSONAL = {
    "/robots.txt",
    "/polls/verify_poll.py",
    "/.well-known/security.txt",
    "/admin/jsi18n/",
    "/sw.js",
    "/favicon.ico",
}


def test_pages_for_everybody_set_no_cookie_and_carry_no_token(world, browsers, undone):
    client = browsers("anonymous")
    for path in addresses():
        with undone():
            answer = client.get(path)
        if "public" in answer.headers.get("Cache-Control", ""):
            assert not answer.cookies, path
            assert b"csrfmiddlewaretoken" not in answer.content, path
            assert "Cookie" in answer.headers["Vary"], path
            assert "HX-Request" in answer.headers["Vary"], path


def test_no_page_has_a_script_or_a_style_of_its_own(world, browsers, undone):
    """The policy would block it, and the page would be broken for everybody."""
    import re

    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|type=\"(?:application/(?:ld\+)?json|importmap)\"))|<style\b|\sstyle=|\son[a-z]+=\"",
        re.I,
    )
    found = {}
    for who in ("anonymous", "asha", "meera", "admin"):
        client = browsers(who)
        for path in addresses():
            with undone():
                answer = client.get(path)
            hits = inline.findall(answer.content.decode("utf-8", "replace")) if not answer.streaming else []
            if hits and "html" in answer.headers.get("Content-Type", ""):
                found[f"{path} as {who}"] = hits[:3]
    assert found == {}


SETTINGS = """
import django, json
django.setup()
from django.conf import settings as s
print(json.dumps([s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,
    s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH,
    s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.STAFF_NEEDS_SECOND_FACTOR, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN]))
"""


def test_cookies_of_a_portal_under_https():
    import json

    outside = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "mygov.settings", "MYGOV_DEMO": "", "MYGOV_SECRET_KEY": "x" * 60,
        "MYGOV_SITE_URL": "https://portal.example", "MYGOV_HOSTS": "portal.example",
    }  # fmt: skip
    out = subprocess.run(
        [sys.executable, "-c", SETTINGS], env=outside, capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(out) == [
        "__Host-sessionid", True, True, "Lax", "__Host-csrftoken", True, "Lax", None, "/", 63_072_000, True, True, False,
    ]  # fmt: skip


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(asha):
    client = Client()
    client.post("/accounts/login/", {"login": "asha@example.org", "password": "mygov-demo"})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
