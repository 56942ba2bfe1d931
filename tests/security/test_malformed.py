"""Requests no browser sends: every address answers them with a page or a refusal, never with an error of ours."""

import base64
import json
from zlib import crc32

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from tests.security.addresses import addresses, hostile_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning")]
PEOPLE = ["anonymous", "asha", "mod", "admin"]
FORM = "application/x-www-form-urlencoded"
LONG = "न" * 100_000
NAMES = [
    "after",
    "anchor",
    "answered",
    "ask",
    "at",
    "attempts",
    "author",
    "body",
    "by",
    "choices",
    "code",
    "comment",
    "contact",
    "contact_name",
    "credential",
    "decision",
    "detail",
    "display_name",
    "district",
    "draft_key",
    "email",
    "from",
    "group",
    "institution",
    "interests",
    "kind",
    "language",
    "languages",
    "level",
    "login",
    "name",
    "next",
    "number",
    "official",
    "order",
    "page",
    "parent",
    "password",
    "password1",
    "phase",
    "phone",
    "points",
    "post",
    "public_fields",
    "q",
    "reason",
    "reference",
    "region",
    "sector",
    "skills",
    "slug",
    "stance",
    "state",
    "support",
    "tab",
    "text",
    "title",
    "to",
    "until",
    "value",
    "words",
    "year",
    "action",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "p",
    "o",
    "e",
    "all",
    "_method",
    "csrfmiddlewaretoken",
    "app_label",
    "model_name",
    "field_name",
    "term",
    "select_across",
    "index",
    "_selected_action",
]
VALUES = {
    "empty": "", "null": "a\x00b", "surrogate": "\ud800", "override": "\u202eevil", "long": LONG, "minus": "-1",
    "huge": "9" * 400, "int": str(2**63), "float": "1e999", "json": '{"a": [', "sql": "' OR 1=1 --", "percent": "%%%%",
    "html": '"><script>alert(1)</script>', "line": "a\r\nSet-Cookie: b=c", "nan": "NaN", "list": "[]", "path": "//evil.example",
    "marks": "a" + "\u0301" * 500,
}  # fmt: skip


def cursors() -> list[str]:
    """Made-up cursors for lists: right base64, wrong everything else."""
    inside = [[], [1], [1, 2], [1, 2, 3], {"at": 1}, [{"at": "x"}, 1], [{"at": "9999-12-31T23:59:59"}, 1], [2**70, 1],
              ["\x00", 1], [None, None], [[1], [2]], ["\ud800", 1], [1e400, 1], [float("nan"), 1], [True, True]]  # fmt: skip
    made = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in inside]
    return [*made, "!!!", "AAAA", "é", "x" * 5000, base64.urlsafe_b64encode(b"[" * 5000).decode()]


def encoded(value: str) -> str:
    """Percent-encoded as somebody writing bytes by hand would, lone surrogates too."""
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


def multipart(parts: int, *, files: bool) -> bytes:
    name = '"f"; filename="f.txt"' if files else '"f"'
    one = f"--x\r\nContent-Disposition: form-data; name={name}\r\n\r\n\r\n".encode()
    return one * parts + b"--x--\r\n"


BODIES = {
    "5,000 fields": (FORM, b"&".join(b"f%d=1" % n for n in range(5000))),
    "10,000 files": ("multipart/form-data; boundary=x", multipart(10_000, files=True)),
    "5,000 parts": ("multipart/form-data; boundary=x", multipart(5000, files=False)),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "bad boundary": ("multipart/form-data; boundary=\xc3", b"--x\r\n"),
    "cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="bo'),
    "null in a part": (
        "multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\na\x00b\r\n--x--\r\n',
    ),
    "bad transfer": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="body"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
    ),
    "unknown charset": (f"{FORM}; charset=nonsense", b"body=a"),
    "utf-7": (f"{FORM}; charset=utf-7", b"body=+AD4-"),
    "utf-16": (f"{FORM}; charset=utf-16", "body=a".encode("utf-16")),
    "not utf-8": (FORM, b"body=\xff\xfe%FF%FE"),
    "json with a lone surrogate": ("application/json", b'{"body": "\\ud800"}'),
    "deep json": ("application/json", b"[" * 20_000),
    "not json": ("application/json", b"{"),
    "no type": ("", b"body=a"),
    "nonsense type": ("a/b/c; ;;=", b"body=a"),
    "2 MB": (FORM, b"body=" + b"a" * 2_000_000),
    "1 MB name": (FORM, b"a" * 999_000 + b"=1"),
}  # fmt: skip
HEADERS = {
    "huge cookie": {"HTTP_COOKIE": "a=" + "b" * 60_000},
    "octal null in the session": {"HTTP_COOKIE": f'{django_settings.SESSION_COOKIE_NAME}="abcdefgh\\000ijkl"'},
    "raw bytes in the session": {"HTTP_COOKIE": f"{django_settings.SESSION_COOKIE_NAME}=abcdefgh\xff\xfe\xed\xa0\x80"},
    "long session": {"HTTP_COOKIE": f"{django_settings.SESSION_COOKIE_NAME}={'x' * 20_000}"},
    "octal null in messages": {"HTTP_COOKIE": 'messages="\\000"; csrftoken="\\000"'},
    "unknown host": {"HTTP_HOST": "evil.example"},
    "no host at all": {"HTTP_HOST": ""},
    "host with a path": {"HTTP_HOST": "testserver/evil"},
    "forwarded host": {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_FOR": "not an address"},
    "where htmx is": {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[evil/%ED%A0%80%00", "HTTP_HX_TARGET": "\xff"},
    "encoded htmx": {
        "HTTP_HX_REQUEST": "true", "HTTP_HX_PROMPT": "%ED%A0%80", "HTTP_HX_PROMPT_URI_AUTOENCODED": "true",
        "HTTP_HX_CURRENT_URL": "%00%ED%A0%80", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true",
    },
    "languages": {"HTTP_ACCEPT_LANGUAGE": "x-" * 20_000},
    "referer": {"HTTP_REFERER": "http://[::1\xff", "HTTP_ORIGIN": "http://[", "HTTP_SEC_FETCH_SITE": "\xff"},
    "conditions": {"HTTP_IF_MODIFIED_SINCE": "never", "HTTP_IF_NONE_MATCH": "\xff", "HTTP_RANGE": "bytes=9-1"},
    "no address": {"REMOTE_ADDR": "not an address"},
}  # fmt: skip


class Sweep:
    """Sends, and remembers what was answered with an error of ours."""

    def __init__(self, client, undone) -> None:
        self.client, self.undone, self.broken, self.sent = client, undone, [], 0

    def send(self, method: str, path: str, what: str, **more) -> None:
        self.sent += 1
        with self.undone():
            answer = self.client.generic(method, path, **more)
        if answer.status_code >= 500:
            self.broken.append(f"{method} {path[:80]} ({what}): {answer.status_code} {self.reason(answer)}")

    def reason(self, answer) -> str:
        info = getattr(answer, "exc_info", None)
        return f"{info[0].__name__}: {str(info[1])[:120]}" if info else ""


@pytest.fixture
def sweep(world, browsers, undone):
    """A sweep as one person; `in_turn` gives each address to another of them, so that all meet most of it."""
    return lambda who: Sweep(browsers(who), undone)


@pytest.fixture
def in_turn(sweep):
    sweeps = {who: sweep(who) for who in PEOPLE}

    def turns(kind: str, one_in: int = 1):
        begin = crc32(kind.encode())
        for place, path in enumerate(addresses()):
            if (begin + place) % one_in:
                continue
            yield sweeps[PEOPLE[(begin // one_in + place) % len(PEOPLE)]], path, place

    turns.report = lambda: [
        line for who, one in sweeps.items() for line in (f"as {who}: {broken}" for broken in one.broken)
    ]
    return turns


@pytest.mark.parametrize("who", PEOPLE)
def test_hostile_parts_of_addresses(sweep, who):
    one = sweep(who)
    for place, path in enumerate(hostile_addresses()):
        one.send("GET" if place % 2 else "POST", path, "hostile part")
    assert one.broken == []


def test_methods_and_languages_nobody_expects(in_turn):
    for one, path, _place in in_turn("methods"):
        for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "BREW"):
            one.send(method, path, "method")
        for prefix in ("/hi", "/hi/hi", "/xx"):
            one.send("GET", prefix + path, "prefix")
    assert in_turn.report() == []


@pytest.mark.parametrize("value", VALUES)
def test_hostile_values_in_every_field_at_once(in_turn, value):
    query = "&".join(f"{name}={encoded(VALUES[value][:100])}" for name in NAMES)
    body = "&".join(f"{name}={encoded(VALUES[value][: 180_000 // len(NAMES) // 9])}" for name in NAMES).encode()
    for one, path, place in in_turn(value):
        htmx = {"HTTP_HX_REQUEST": "true"} if place % 3 == 0 else {}
        one.send("GET", f"{path}?{query}", value, **htmx)
        one.send("POST", path, value, data=body, content_type=FORM, **htmx)
    assert in_turn.report() == []


def test_made_up_cursors(in_turn):
    for one, path, _place in in_turn("cursors"):
        if not path.startswith(("/admin/", "/accounts/")):
            for cursor in cursors():
                one.send("GET", f"{path}?after={encoded(cursor)}", "cursor")
    assert in_turn.report() == []


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_no_form_makes(in_turn, kind):
    content_type, body = BODIES[kind]
    for one, path, _place in in_turn(kind, one_in=5):  # read before any view is asked, so each view need not
        one.send("POST", path, kind, data=body, content_type=content_type)
    assert in_turn.report() == []


@pytest.mark.parametrize("kind", HEADERS)
def test_headers_no_browser_sends(in_turn, kind):
    for one, path, place in in_turn(kind, one_in=3):
        if "HTTP_COOKIE" in HEADERS[kind]:
            one.client.cookies.clear()
        one.send("GET" if place % 2 else "POST", path, kind, **HEADERS[kind])
    assert in_turn.report() == []


@override_settings(ROOT_URLCONF="tests.security.broken_urls")
def test_the_sweep_sees_an_error_where_there_is_one(browsers, undone):
    """The control of all of the above."""
    one = Sweep(browsers("anonymous"), undone)
    one.send("GET", "/broken/", "control")
    assert one.broken == ["GET /broken/ (control): 500 RuntimeError: broken on purpose"]
