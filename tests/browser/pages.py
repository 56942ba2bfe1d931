"""Every page and every state of it that a person can meet. A new page gets its line here; nothing else is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import randrange
from uuid import uuid4

from playwright.sync_api import Page

from mygov.pages.footer import PAGES
from tests.cast import PASSWORD

Act = Callable[[Page], None]


@dataclass(frozen=True)
class State:
    """A page as one person meets it. `act` is what they do on it first; `status` what the server answers."""

    name: str
    path: str
    who: str = ""
    act: Act | None = None
    status: int = 200

    @property
    def languages(self) -> tuple[str, ...]:
        """The admin has no address of its own for each language."""
        return ("en",) if self.path.startswith("/admin/") else ("en", "hi")


# -- what people do before they are in a state --------------------------------------------------
def presses(words: str) -> Act:
    """Presses the first thing in the page's content that fits the selector, and waits for what comes of it."""

    def act(page: Page) -> None:
        page.locator(f"main {words}").first.click()
        page.wait_for_load_state("networkidle")

    return act


def sends(**typed: str) -> Act:
    """Fills fields by name and sends their form, whatever the browser thinks of it."""

    def act(page: Page) -> None:
        form = page.locator("main form", has=page.locator(f"[name={next(iter(typed))}]")).last
        form.evaluate("form => { form.noValidate = true; }")
        for name, text in typed.items():
            form.locator(f"[name={name}]").first.fill(text)
        form.locator("button").first.click()
        page.wait_for_load_state("networkidle")

    return act


def unfolds(summary: str) -> Act:
    def act(page: Page) -> None:
        page.locator(summary).first.click()

    return act


def tries_a_rule(page: Page) -> None:
    """What it would have done to past texts if a word that many use were a listed one."""
    presses("#result_list th a:has-text('Listed words')")(page)
    page.locator("textarea[name=words]").fill("school\nfood\nthe")
    presses("button[formaction]")(page)


def forges_the_token(page: Page) -> None:
    page.locator("#comment textarea").fill("What I typed")
    page.evaluate("document.querySelector('#comment form').removeAttribute('hx-post')")
    page.evaluate("htmx.process(document.body)")
    page.evaluate(
        "() => { const form = document.querySelector('#comment form').cloneNode(true); form.removeAttribute('hx-post');"
        " form.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64);"
        " form.querySelector('textarea').value = 'What I typed'; document.querySelector('main').append(form); form.submit(); }"
    )
    page.wait_for_url("**/comments/of/**")


def reports(page: Page) -> None:
    """Whoever has reported it in the other language's round finds no form any more, but what became of it."""
    if not page.locator("main [name=reason]").count():
        return
    page.locator("main [name=reason]").first.check()
    presses(".report-form button")(page)


def votes(page: Page) -> None:
    """Whoever has voted in the other language's round changes that vote."""
    for summary in page.locator(".change summary").all():
        summary.click()
    sends(o1="3", o2="5")(page)


def keeps_an_answer(page: Page) -> None:
    page.locator("[name=a-q_single]").first.check()
    page.locator("#slot-q_single .saved .icon").wait_for()


def answers_wrongly(page: Page) -> None:
    page.locator("[name=a-q_number]").fill("many")
    page.locator("main button[value=on]").click()
    page.locator(".error-summary").wait_for()


def keeps_a_copy(page: Page) -> None:
    """Opens the one file that needs no network, as it is, instead of keeping it."""
    text = page.context.request.get(f"{page.url.rstrip('/')}/offline/").text()
    page.route("**/copy.html", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(f"{page.url}copy.html")


def p(name: str, path: str, **more: object) -> State:
    return State(name, path, **more)  # type: ignore[arg-type]


READING = [
    p("home", "/"),
    p("menu unfolded", "/", act=unfolds(".strip .menu summary")),
    p("everything", "/activities/"),
    p("what is open", "/activities/?phase=open"),
    p("nothing found", "/activities/?q=zzzzzz"),
    p("unknown filter", "/activities/?sector=nothing"),
    p("filters unfolded", "/activities/", act=unfolds(".filters summary")),
    p("discussions", "/discussions/"),
    p("groups", "/groups/"),
    p("groups of a subject", "/groups/?sector=schools"),
    p("no group", "/groups/?q=zzzzzz"),
    p("group", "/groups/schools/"),
    p("empty group", "/groups/libraries/"),
    p("archived group", "/groups/literacy-2020/"),
    p("institutions", "/institutions/"),
    p("institution", "/institutions/education/"),
    p("institution that asks nothing", "/institutions/health/"),
    p("part of an institution", "/institutions/curriculum/"),
    p("discussion", "/discussions/midday-meals/"),
    p("discussion, newest first", "/discussions/midday-meals/?order=newest"),
    p("more comments", "/discussions/midday-meals/", act=presses(".more a")),
    p("more replies", "/discussions/midday-meals/?order=best", act=presses(".more-replies a")),
    p("for and against", "/discussions/start-at-ten/"),
    p("nobody has spoken", "/discussions/empty/"),
    p("very long words", "/discussions/long-words/"),
    p("members only", "/discussions/members/"),
    p("opens soon", "/discussions/soon/"),
    p("closed and waiting", "/discussions/waiting/"),
    p("overdue", "/discussions/overdue/"),
    p("withdrawn", "/discussions/withdrawn/"),
    p("with an outcome", "/discussions/school-bags/"),
    p("change log", "/activities/midday-meals/changes/"),
    p("no changes", "/activities/empty/changes/"),
    p("conversation by itself", "/comments/of/midday-meals/"),
    p("one comment", "/comments/{first}/"),
    p("earlier versions", "/comments/{edited}/versions/"),
    p("polls", "/polls/"),
    p("poll", "/polls/poll-single/"),
    *[
        p(f"poll, {way}", f"/polls/poll-{way}/")
        for way in ("multiple", "ranked", "score", "dots", "budget", "yes_no", "pictures")
    ],
    p("ballot paper by itself", "/polls/poll-multiple/ballot/"),
    p("closed poll", "/polls/poll-closed/"),
    p("void poll", "/polls/poll-void/"),
    p("results", "/polls/poll-closed/results/"),
    p("results by group", "/polls/poll-groups/results/"),
    p("receipt that is not in the list", "/polls/poll-closed/results/?receipt=2222"),
    p("poll in a frame", "/polls/poll-closed/embed/"),
    p("no results yet", "/polls/poll-single/results/"),
    p("forum", "/forum/"),
    p("answered ideas", "/forum/?answered=1"),
    p("no idea", "/forum/?q=zzzzzz"),
    p("idea", "/ideas/{opened}/"),
    p("answered idea", "/ideas/{answered}/"),
    p("idea looking for sponsors", "/ideas/{pending}/"),
    p("sponsored idea", "/ideas/{sponsored}/"),
    p("rejected idea", "/ideas/{rejected}/"),
    p("retired idea", "/ideas/{retired}/"),
    p("bring an idea", "/ideas/new/"),
    p("consultations", "/consultations/"),
    p("consultation", "/consultations/library-rules/"),
    p("the whole text", "/consultations/library-rules/?all=1"),
    p("found in a text", "/consultations/library-rules/?q=books"),
    p("not found in a text", "/consultations/library-rules/?q=zebra"),
    p("contents folded", "/consultations/library-rules/", act=unfolds(".contents summary")),
    p("copy of a text to keep", "/consultations/library-rules/", act=keeps_a_copy),
    p("a clause", "/consultations/library-rules/clauses/{clause}/"),
    p("an item of a clause", "/consultations/library-rules/clauses/{item}/"),
    p("responses to the whole", "/consultations/library-rules/submissions/"),
    p("no response to the whole", "/consultations/water-rules/submissions/"),
    p("respond to the whole, not signed in", "/consultations/library-rules/submission/"),
    p("matrix", "/consultations/water-rules/matrix/"),
    p("file of a matrix", "/consultations/water-rules/matrix.pdf", status=202),
    p("what changed in a text", "/consultations/water-rules/changes/"),
    p("who consulted", "/consultations/compliance/"),
    p("surveys", "/surveys/"),
    p("survey", "/surveys/way-to-school/"),
    p("first questions as a guest", "/surveys/way-to-school/part-1/"),
    p("a table and an order as a guest", "/surveys/way-to-school/part-2/"),
    p("last questions as a guest", "/surveys/way-to-school/part-3/"),
    p("an answer is kept", "/surveys/way-to-school/part-1/", act=keeps_an_answer),
    p("an answer that does not fit", "/surveys/way-to-school/part-2/", act=answers_wrongly),
    p("the last look with nothing answered", "/surveys/way-to-school/review/"),
    p("results of a survey", "/surveys/way-to-school/results/"),
    p("promises", "/impact/"),
    p("promises of one", "/impact/?institution=education"),
    p("answers", "/impact/?activity=school-bags"),
    p("no answers", "/impact/?activity=empty"),
    p("look up", "/track/"),
    p("looked up", "/track/?reference={reference}"),
    p("looked up wrongly", "/track/?reference=nothing"),
    p("public profile", "/people/{asha}/"),
    p("bare public profile", "/people/{naya}/"),
    p("what moderators did", "/transparency/"),
    p("site map", "/sitemap/"),
    *[p(f"page {slug}", f"/{slug}/") for slug in PAGES],
]
ENTRANCE = [
    p("sign in", "/accounts/login/"),
    p("wrong password", "/accounts/login/", act=sends(login="nobody@example.org", password="wrong")),
    p("sign up", "/accounts/signup/"),
    p("sign up wrongly", "/accounts/signup/", act=sends(contact="nothing", password1="short")),
    p("ask for a code", "/accounts/login/code/"),
    p("enter the code", "/accounts/login/code/", act=sends(login="bilal@example.org")),
    p("password forgotten", "/accounts/password/reset/"),
    p("code for a new password", "/accounts/password/reset/", act=lambda page: forgets(page)),
    p("code is on its way", "/accounts/password/reset/done/"),
    p("signed up", "/accounts/signup/", act=lambda page: signs_up(page)),
    p("second factor asked for", "/accounts/login/", act=sends(login="tara@example.org", password=PASSWORD)),
    p("not active", "/accounts/inactive/"),
]
WRONG = [
    p("not found", "/discussions/midday-mails/", status=404),
    p("bad request", "/wrong/bad/", status=400),
    p("forbidden", "/wrong/forbidden/", status=403),
    p("too often", "/wrong/too_often/", status=429),
    p("too large", "/wrong/too_large/", status=413),
    p("broken", "/wrong/broken/", status=500),
    p("offline", "/offline/"),
    p("forged form", "/discussions/empty/", who="bilal", act=forges_the_token),
]
SIGNED_IN = [
    p("survey one has sent", "/surveys/way-to-school/", who="asha"),
    p("a survey's receipt", "/surveys/way-to-school/review/", who="asha"),
    p("half a survey", "/surveys/way-to-school/part-1/", who="ravi"),
    p("the last look", "/surveys/way-to-school/review/", who="ravi"),
    p("going on later", "/surveys/way-to-school/later/", who="ravi"),
    p("home of asha", "/", who="asha"),
    p("home of somebody new", "/", who="naya"),
    p("own menu", "/", who="asha", act=unfolds(".account .menu summary")),
    p("discussion, signed in", "/discussions/midday-meals/", who="asha"),
    p("no comment typed", "/discussions/empty/", who="asha", act=sends(body="   ")),
    p("comment too long", "/discussions/empty/", who="asha", act=sends(body="x" * 1001)),
    p("commented", "/discussions/long-words/", who="naya", act=sends(body="A comment of mine.")),
    p("no side chosen", "/discussions/start-at-ten/", who="asha", act=sends(body="Neither.")),
    p("replying", "/discussions/midday-meals/?order=best", who="asha", act=presses('.acts a[href$="/reply/"]')),
    p("similar comments", "/discussions/midday-meals/", who="bilal", act=lambda page: similar(page)),
    p("voted", "/discussions/midday-meals/?order=best", who="naya", act=presses("button.vote.up")),
    p("followed", "/discussions/empty/", who="naya", act=presses(".follow button")),
    p("only for members", "/discussions/members/", who="bilal"),
    p("not verified", "/discussions/midday-meals/", who="guest"),
    p("closed, signed in", "/discussions/waiting/", who="asha"),
    p("group, signed in", "/groups/schools/", who="naya"),
    p("own comment", "/comments/{first}/", who="asha"),
    p("reply by itself", "/comments/{first}/reply/", who="bilal"),
    p("change a comment", "/comments/{first}/edit/", who="asha"),
    p("take a comment back", "/comments/{first}/removal/", who="asha"),
    p("poll, voted", "/polls/poll-single/", who="kiran"),
    p("change a vote", "/polls/poll-single/", who="kiran", act=unfolds(".change summary")),
    p("voted in a poll", "/polls/poll-dots/", who="naya", act=lambda page: votes(page)),
    p("too many dots", "/polls/poll-dots/", who="lonely", act=sends(o1="9", o2="5")),
    p("empty ballot", "/polls/poll-yes_no/", who="lonely", act=presses(".paper .button")),
    p("poll that needs verification", "/polls/poll-verified/", who="asha"),
    p("idea, signed in", "/ideas/{opened}/", who="asha"),
    p("own idea", "/ideas/{opened}/", who="bilal"),
    p("own hidden idea", "/ideas/{hidden_idea}/", who="ravi"),
    p("why a comment was hidden", "/moderation/decisions/{why}/", who="ravi"),
    p("appeal without a word", "/moderation/decisions/{why}/", who="ravi", act=sends(words="  ")),
    p("appealed", "/moderation/decisions/{why_appealed}/", who="ravi"),
    p("appeal granted", "/moderation/decisions/{why_granted}/", who="ravi"),
    p("appeal refused", "/moderation/decisions/{why_refused}/", who="ravi"),
    p("own hidden comment", "/discussions/midday-meals/?order=newest", who="ravi"),
    p("write to supporters", "/ideas/{opened}/notice/", who="bilal"),
    p("retired idea, signed in", "/ideas/{retired}/", who="asha"),
    p("lay an idea down", "/ideas/{opened}/retirement/", who="bilal"),
    p("bring an idea, signed in", "/ideas/new/", who="asha"),
    p("similar ideas", "/ideas/new/", who="asha", act=lambda page: similar_idea(page)),
    p("idea without a title", "/ideas/new/", who="asha", act=sends(title="", ask="")),
    p("my impact", "/impact/mine/", who="asha"),
    p("no impact yet", "/impact/mine/", who="naya"),
    p("notifications", "/notifications/", who="asha"),
    p("no notifications", "/notifications/", who="lonely"),
    p("what one follows", "/follows/", who="asha"),
    p("what is asked about a sector", "/activities/?sector=schools", who="asha"),
    p("follows nothing", "/follows/", who="lonely"),
    p("notification settings", "/notifications/settings/", who="asha"),
    p("quiet hours of no length", "/notifications/settings/", who="lonely", act=lambda page: no_quiet(page)),
    p("an official's notification settings", "/notifications/settings/", who="meera"),
    p("profile", "/profile/", who="asha"),
    p("profile with a link for a name", "/profile/", who="naya", act=sends(display_name="https://example.org")),
    p("e-mail address", "/accounts/email/", who="asha"),
    p("mobile number", "/accounts/phone/change/", who="asha"),
    p("code for a mobile number", "/accounts/phone/change/", who="lonely", act=lambda page: new_number(page)),
    p("first password", "/accounts/password/set/", who="kiran"),
    p("password asked again", "/accounts/reauthenticate/", who="lonely"),
    p("authenticator app", "/accounts/2fa/totp/activate/", who="lonely"),
    p("no authenticator app", "/accounts/2fa/totp/deactivate/", who="tara"),
    p("second factors", "/accounts/2fa/", who="tara"),
    p("second factor asked again", "/accounts/2fa/reauthenticate/", who="tara"),
    p("recovery codes", "/accounts/2fa/recovery-codes/", who="tara"),
    p("new recovery codes", "/accounts/2fa/recovery-codes/generate/", who="tara"),
    p("passkeys", "/accounts/2fa/webauthn/", who="paru"),
    p("add a passkey", "/accounts/2fa/webauthn/add/", who="lonely"),
    p("remove a passkey", "/accounts/2fa/webauthn/keys/{passkey}/remove/", who="paru"),
    p("name a passkey", "/accounts/2fa/webauthn/keys/{passkey}/edit/", who="paru"),
    p("password", "/accounts/password/change/", who="asha"),
    p("second factor", "/accounts/2fa/", who="asha"),
    p("sign out", "/accounts/logout/", who="lonely"),
]
OFFICIALS = [
    p("clause, signed in", "/consultations/library-rules/clauses/{clause}/", who="naya"),
    p("own response", "/consultations/library-rules/clauses/{law_clause}/", who="asha"),
    p("response without words", "/consultations/library-rules/clauses/{clause}/", who="lonely", act=sends(body="")),
    p("my responses", "/consultations/library-rules/responses/", who="asha"),
    p("no responses of mine", "/consultations/library-rules/responses/", who="naya"),
    p("take a response back", "/consultations/library-rules/clauses/{law_clause}/response/removal/", who="asha"),
    p("respond to the whole", "/consultations/library-rules/submission/", who="naya"),
    p(
        "respond to the whole wrongly",
        "/consultations/library-rules/submission/",
        who="naya",
        act=sends(organisation="", body=""),
    ),
    p("workbench", "/consultations/library-rules/workbench/", who="meera"),
    p("row of a matrix", "/consultations/library-rules/workbench/row/", who="meera"),
    p("row without a word", "/consultations/library-rules/workbench/row/", who="meera", act=presses("form .button")),
    p("answer a question", "/consultations/library-rules/workbench/questions/{law_question}/", who="meera"),
    p("publish a matrix", "/consultations/library-rules/workbench/publication/", who="arjun"),
    p("held responses", "/consultations/library-rules/held/", who="mod"),
    p("home of an approver", "/", who="arjun"),
    p("preview of a draft", "/discussions/draft/", who="meera"),
    p("discussion as official", "/discussions/midday-meals/", who="meera"),
    p("pin an answer", "/comments/{official}/pin/", who="meera"),
]
DESK = [
    p("report a comment, not signed in", "/moderation/comments/{reported}/report/"),
    p("report a comment", "/moderation/comments/{reported}/report/", who="lonely"),
    p("report without a reason", "/moderation/comments/{reported}/report/", who="lonely", act=sends(words="x")),
    p(
        "report in place",
        "/discussions/midday-meals/?order=newest",
        who="kiran",
        act=presses('.acts a[href$="/report/"]'),
    ),
    p("reported", "/moderation/comments/{answer}/report/", who="naya", act=reports),
    p("reported before", "/moderation/comments/{reported}/report/", who="bilal"),
    p("report an idea", "/moderation/ideas/{opened}/report/", who="lonely"),
    p("queue of the moderators", "/moderation/", who="mod"),
    p("votes to check", "/moderation/votes/", who="mod"),
    p("no votes to check", "/moderation/votes/?state=released", who="mod"),
    p("votes of one hand", "/moderation/votes/{cluster}/", who="mod"),
    p("votes set aside", "/moderation/votes/{aside}/", who="mod"),
    p("votes set aside without a word", "/moderation/votes/{cluster}/", who="mod", act=sends(words="")),
    p("votes that are not counted, to whoever reads", "/discussions/midday-meals/?order=newest"),
    p("queue that nothing fits", "/moderation/?reason=duplicate", who="mod"),
    p("reported comment at the desk", "/moderation/{case}/", who="mod"),
    p("held comment at the desk", "/moderation/{held_case}/", who="mod"),
    p("decision without words", "/moderation/{held_case}/", who="mod", act=presses("button[value=hide]")),
    p("case that a colleague has open", "/moderation/{taken_case}/", who="mod"),
    p(
        "taking over without a reason",
        "/moderation/{taken_case}/",
        who="mod",
        act=lambda page: takes_over_silently(page),
    ),
    p("many cases unfolded", "/moderation/", who="mod", act=unfolds(".bulk summary")),
    p("nothing ticked", "/moderation/", who="mod", act=lambda page: ticks_nothing(page)),
    p("decisions on many", "/moderation/bulk/", who="mod"),
    p("preview of many", "/moderation/bulk/{bulk}/", who="mod"),
    p("result of many", "/moderation/bulk/{bulk_done}/", who="mod"),
    p("appeal at the desk", "/moderation/{appealed_case}/", who="mod"),
    p("nothing to moderate", "/moderation/", who="dev", status=404),
    p("mail and SMS of the demo", "/demo/outbox/"),
    p("mail to nobody", "/demo/outbox/?to=nobody"),
]
ADMIN = [
    p("a survey in the admin", "/admin/surveys/survey/{survey_draft}/change/", who="meera"),
    p("its questions", "/admin/surveys/survey/{survey_draft}/questions/", who="meera"),
    p("its ways", "/admin/surveys/survey/{survey_draft}/ways/", who="meera"),
    p("copying it", "/admin/surveys/survey/{survey_draft}/copy/", who="meera"),
    p("importing questions", "/admin/surveys/survey/{survey_draft}/import/", who="meera"),
    p("correcting a question", "/admin/surveys/survey/{survey}/correct/{survey_words}/", who="arjun"),
    p("evaluation", "/admin/surveys/survey/{survey}/evaluation/", who="meera"),
    p("open answers", "/admin/surveys/survey/{survey}/evaluation/themes/{survey_words}/", who="meera"),
    p("entering a paper form", "/admin/surveys/survey/{survey}/paper/", who="meera"),
    p("a new section", "/admin/surveys/section/add/?survey={survey_draft}", who="meera"),
    p("a new question", "/admin/surveys/question/add/?section={draft_section}", who="meera"),
    p("admin of an author", "/admin/", who="meera"),
    p("admin of an approver", "/admin/", who="arjun"),
    p("mail and SMS in the admin", "/admin/notifications/delivery/", who="admin"),
    p("events nobody was told about", "/admin/audit/event/", who="admin"),
    p("admin of an administrator", "/admin/", who="admin"),
    p("list of discussions", "/admin/discussions/discussion/", who="meera"),
    p("new discussion", "/admin/discussions/discussion/add/", who="meera"),
    p(
        "new discussion without a word",
        "/admin/discussions/discussion/add/",
        who="meera",
        act=presses("[name=_continue]"),
    ),
    p("draft in the admin", "/admin/discussions/discussion/{draft}/change/", who="arjun"),
    p("open discussion in the admin", "/admin/discussions/discussion/{meals}/change/", who="meera"),
    p("withdrawn discussion in the admin", "/admin/discussions/discussion/{withdrawn}/change/", who="meera"),
    p("history of a discussion", "/admin/discussions/discussion/{meals}/history/", who="meera"),
    p(
        "approving",
        "/admin/discussions/discussion/{draft}/change/",
        who="arjun",
        act=presses('a.verb[href*="publish"]'),
    ),
    p("new poll", "/admin/polls/poll/add/", who="meera"),
    p("draft of a poll", "/admin/polls/poll/{poll_draft}/change/", who="meera"),
    p("open poll in the admin", "/admin/polls/poll/{poll}/change/", who="meera"),
    p("results in the admin", "/admin/polls/poll/{poll}/results/", who="meera"),
    p("consultations in the admin", "/admin/consultations/consultation/", who="meera"),
    p("consultation in the admin", "/admin/consultations/consultation/{law}/change/", who="meera"),
    p("new consultation", "/admin/consultations/consultation/add/", who="meera"),
    p("bring a text in", "/admin/consultations/consultation/{law}/text/", who="meera"),
    p("no text brought", "/admin/consultations/consultation/{law}/text/", who="meera", act=presses("[name=_read]")),
    p(
        "what a text would become",
        "/admin/consultations/consultation/{law}/text/",
        who="meera",
        act=sends(text="## 1. Short title\n\nThese are the rules.\n\n## 2. New\n\nSomething new."),
    ),
    p("versions of texts", "/admin/consultations/draft/", who="meera"),
    p("sign a shorter window", "/admin/consultations/consultation/{law_draft}/sign-shorter/", who="arjun"),
    p("an outcome", "/admin/activities/outcome/", who="arjun"),
    p("contributions", "/admin/activities/contribution/", who="meera"),
    p("one contribution", "/admin/activities/contribution/{line}/change/", who="meera"),
    p("answering a contribution", "/admin/activities/contribution/{line}/answer/", who="meera"),
    p("comments in the admin", "/admin/comments/comment/", who="meera"),
    p("screening rules", "/admin/moderation/screeningrule/", who="admin"),
    p("a screening rule", "/admin/moderation/screeningrule/", who="admin", act=presses("#result_list tbody th a")),
    p("a screening rule, tried", "/admin/moderation/screeningrule/", who="admin", act=tries_a_rule),
    p("ideas in the admin", "/admin/discussions/idea/", who="meera"),
    p("idea in the admin", "/admin/discussions/idea/{opened}/change/", who="meera"),
]
STATES = READING + ENTRANCE + WRONG + SIGNED_IN + OFFICIALS + DESK + ADMIN


def similar(page: Page) -> None:
    page.locator("#comment textarea").press_sequentially("Eggs twice a week in our school")
    page.locator(".similar li").first.wait_for()


def similar_idea(page: Page) -> None:
    page.locator("[name=title]").press_sequentially("A library bus for villages")
    page.locator(".similar li").first.wait_for()


def forgets(page: Page) -> None:
    sends(**{page.locator("main form input:visible").first.get_attribute("name") or "": "bilal@example.org"})(page)


def signs_up(page: Page) -> None:
    sends(contact=f"{uuid4().hex}@example.org", display_name="Somebody new")(page)


def no_quiet(page: Page) -> None:
    for name in ("quiet_from", "quiet_until"):
        page.locator(f"[name={name}]").select_option("7")
    presses("form[method=post] .button")(page)


def new_number(page: Page) -> None:
    sends(phone=f"98{randrange(10**8):08}")(page)


def ticks_nothing(page: Page) -> None:
    unfolds(".bulk summary")(page)
    page.locator("#bulk [name=what]").first.check()
    presses("#bulk .buttons button")(page)


def takes_over_silently(page: Page) -> None:
    page.locator(".decide details summary").last.click()
    sends(words="  ")(page)


def named(name: str) -> State:
    return next(state for state in STATES if state.name == name)
