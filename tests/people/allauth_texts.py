"""Every text allauth itself can still show to a citizen: of its templates we have not replaced, and of its adapters."""

import ast
import re
from pathlib import Path

import allauth
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation.template import templatize

HERE = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
# Never reached: links in mails (we send codes), sign-up by passkey, trusted browsers, other providers.
UNREACHED = {
    "account/email_change.html", "account/email_confirm.html", "account/verification_sent.html", "mfa/trust.html",
    "account/verified_email_required.html", "account/signup_by_passkey.html", "account/password_reset_done.html",
    "mfa/webauthn/signup_form.html", "account/email/password_reset_key_message.txt", "account/snippets/already_logged_in.html",
    "account/email/password_reset_key_subject.txt", "account/snippets/warn_no_email.html",
    "mfa/webauthn/base.html", "mfa/totp/base.html", "mfa/recovery_codes/base.html", "account/messages/logged_out.txt",
    "account/email/email_confirm_message.txt", "account/email/email_confirm_subject.txt",
}  # fmt: skip
CALL = re.compile(r"(?<![np])gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)")


def of_templates() -> set[str]:
    found: set[str] = set()
    for area in ("account", "mfa"):
        for file in sorted((HERE / area).rglob("*.*")):
            name = str(file.relative_to(HERE))
            if name not in UNREACHED and not (OURS / name).exists():
                found |= {ast.literal_eval(text) for text in CALL.findall(templatize(file.read_text()))}
    return {text for text in found if text.strip()}


def of_adapters() -> set[str]:
    from commons.people.adapter import PortalAccountAdapter, PortalMFAAdapter

    found = set()
    for theirs, ours in ((DefaultAccountAdapter, PortalAccountAdapter), (DefaultMFAAdapter, PortalMFAAdapter)):
        for code, words in theirs.error_messages.items():
            if ours.error_messages[code] is words and "username" not in code:
                found.add(words._args[0])
    return found
