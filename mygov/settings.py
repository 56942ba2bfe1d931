"""All settings of the portal, read top to bottom. Every secret and switch comes from the environment.

DEMO runs the portal on made-up data with known passwords; production refuses to start with it.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from mygov import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of run this is -------------------------------------------------------------
DEMO = env.flag("MYGOV_DEMO")
DEBUG = env.flag("MYGOV_DEBUG")
DEMO_SECRET = "demo-only: production refuses this key"  # noqa: S105 - refused by a check outside the demo
SECRET_KEY = env.text("MYGOV_SECRET_KEY", DEMO_SECRET if DEMO else None)
SECRET_KEY_FALLBACKS = env.words("MYGOV_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("MYGOV_HOSTS", "localhost,127.0.0.1,[::1]" if DEMO else "")
SITE_URL = env.text("MYGOV_SITE_URL", "http://localhost:8000")
HTTPS = SITE_URL.startswith("https://")

# --- what is installed: the floors of docs/architecture.md, lowest first --------------------
COMMONS = [
    "commons.core",
    "commons.audit",
    "commons.people",
    "commons.directory",
    "commons.activities",
    "commons.integrity",
    "commons.comments",
    "commons.follows",
]
KINDS = ["groups", "discussions", "polls", "consultations", "surveys"]
PORTAL = [
    "mygov.pages",
    "mygov.moderation",
    "mygov.impact",
    "mygov.notifications",
    "mygov.demo",
]
INSTALLED_APPS = [
    "mygov",
    "mygov.admin.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "django_htmx",
    "i18nfield",
    "pgtrigger",
    "pghistory",
    *COMMONS,
    *KINDS,
    *PORTAL,
]

MIDDLEWARE = [
    "commons.core.headers.ExtraHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "commons.core.file_origin.FilesApart",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mygov.health.HealthMiddleware",
    "commons.core.requests.RefuseMalformed",
    "commons.people.middleware.OneGuessAtATime",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "commons.core.caching.CacheHeaders",
    "commons.core.language.LanguageFromPath",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commons.people.middleware.AnswerWrongInput",
    "commons.people.middleware.StaffNeedSecondFactor",
    "commons.audit.middleware.WhoChanged",
]
ROOT_URLCONF = "mygov.urls"
WSGI_APPLICATION = "mygov.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commons.core.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "commons.core.templatetags.portal",
                "commons.activities.templatetags.activity",
                "mygov.notifications.templatetags.notices",
                "mygov.moderation.templatetags.moderation",
                "mygov.pages.templatetags.pages",
            ],
        },
    },
]

# --- PostgreSQL, Valkey ------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "server_side_binding": True,  # commons.core.postgres
    "prepare_threshold": 5,
    # The statement limit keeps one bad query from holding a worker; jobs raise it for themselves.
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c timezone=UTC",
    **DATABASES["default"]["OPTIONS"],
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KEEPS_PUBLIC_PARTS = (
    True  # parts of pages that are the same for all, for the time their template says (commons.core.once)
)
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        # Falls back to "nothing cached" while Valkey is away: reading and writing must go on.
        "BACKEND": "commons.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "mygov",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

# --- Celery: the database is the truth, the queue only hurries it (docs/architecture.md) ----
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600  # seconds; shorter than the visibility timeout, or a task runs twice
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = (
    None  # a worker waits for its queue for ever, rather than give up after 100 tries
)
# In memory: the schedule is in code, and a beat whose file is locked or read-only would die unnoticed.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TIMEZONE = "Asia/Kolkata"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- people and signing in ------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["commons.people.backend.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "commons.people.adapter.PortalAccountAdapter"
ACCOUNT_FORMS = {
    "signup": "commons.people.forms.SignupForm",
    "login": "commons.people.forms.LoginForm",
    "request_login_code": "commons.people.forms.RequestCodeForm",
    "confirm_login_code": "commons.people.code_forms.LoginCodeForm",
    "confirm_email_verification_code": "commons.people.code_forms.EmailCodeForm",
    "verify_phone": "commons.people.code_forms.PhoneCodeForm",
    "confirm_password_reset_code": "commons.people.code_forms.ResetCodeForm",
    "reset_password": "commons.people.code_forms.ResetPasswordForm",
    "reset_password_from_key": "commons.people.code_forms.NewPasswordForm",
    "change_password": "commons.people.code_forms.ChangePasswordForm",
    "set_password": "commons.people.code_forms.SetPasswordForm",
    "change_phone": "commons.people.code_forms.ChangePhoneForm",
    "add_email": "commons.people.code_forms.AddEmailForm",
    "reauthenticate": "commons.people.code_forms.PasswordAgainForm",
}
MFA_ADAPTER = "commons.people.adapter.PortalMFAAdapter"
MFA_FORMS = {
    "authenticate": "commons.people.code_forms.SecondFactorForm",
    "reauthenticate": "commons.people.code_forms.SecondFactorAgainForm",
    "activate_totp": "commons.people.code_forms.ActivateAppForm",
    "add_webauthn": "commons.people.code_forms.AddPasskeyForm",
    "edit_webauthn": "commons.people.code_forms.RenamePasskeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# allauth asks for a required e-mail here; our sign-up form has one field for either (commons/people/forms.py).
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
for _flow in ("EMAIL_VERIFICATION_BY_CODE", "LOGIN_BY_CODE", "PHONE_VERIFICATION", "PASSWORD_RESET_BY_CODE"):
    globals()[f"ACCOUNT_{_flow}_MAX_ATTEMPTS"] = 5
    globals()[f"ACCOUNT_{_flow}_TIMEOUT"] = 600  # seconds
# A new code on request, twice; neither the tries nor the ten minutes begin anew with it.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# Tight for one account or number, wide for one internet address: carriers put thousands of people behind one.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip,600/h/ip",
    "request_login_code": "60/m/ip,3/m/key,6/h/key,15/d/key",
    "reset_password": "60/m/ip,3/m/key,6/h/key,15/d/key",
    "confirm_email": "1/10s/key,6/h/key,15/d/key",
    "verify_phone": "30/m/ip,300/h/ip,1/30s/key,6/h/key,15/d/key",  # every SMS counts here
    "change_phone": "5/m/user",
    "guest_ballot": "60/m/ip,600/h/ip",  # of polls that allow guests; many honest people may share an address
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on; the password's hash ends the others
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner hears of a changed password, address or second factor
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "MyGov"
MFA_TOTP_TOLERANCE = 1  # half a minute either way: cheap phones' clocks are off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # passkeys on http://localhost
SESSION_ENGINE = "commons.core.sessions"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"  # set only when somebody votes (commons.integrity.traces)
CSRF_FAILURE_VIEW = "mygov.pages.errors.csrf_failure"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("MYGOV_PROXIES", 0)
STAFF_NEEDS_SECOND_FACTOR = not DEMO

# --- mail and SMS ---------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("MYGOV_MAIL_FROM", "MyGov <no-reply@example.org>")
SMTP = {
    "host": env.text("MYGOV_MAIL_HOST", "localhost"),
    "port": env.number("MYGOV_MAIL_PORT", 25),
    "username": env.text("MYGOV_MAIL_USER", ""),
    "password": env.text("MYGOV_MAIL_PASSWORD", ""),
    "use_tls": env.flag("MYGOV_MAIL_TLS"),
    "timeout": 10,  # seconds
}
MAIL_PROVIDER = env.text("MYGOV_MAIL_PROVIDER", "")  # as anymail calls it: postmark, mailgun, amazon_ses …; "" is SMTP
ANYMAIL = dict(pair.split("=", 1) for pair in env.words("MYGOV_ANYMAIL"))  # its keys: POSTMARK_SERVER_TOKEN=…
MAILERS: dict[str, dict[str, object]]
if DEMO:
    MAILERS = {"default": {"BACKEND": "mygov.demo.outbox.OutboxMailBackend"}}
elif MAIL_PROVIDER:
    MAILERS = {"default": {"BACKEND": f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"}}
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": SMTP}}
SMS_GATEWAY = env.text(
    "MYGOV_SMS_GATEWAY", "mygov.demo.outbox.OutboxGateway" if DEMO else "commons.people.sms.ConsoleGateway"
)
SMS_URL = env.text("MYGOV_SMS_URL", "")  # HTTP gateway's address, or SMPP host:port
SMS_USER = env.text("MYGOV_SMS_USER", "")
SMS_PASSWORD = env.text("MYGOV_SMS_PASSWORD", "")
SMS_HEADER = env.text("MYGOV_SMS_HEADER", "MYGOVT")  # DLT header (sender id)
SMS_ENTITY_ID = env.text("MYGOV_SMS_ENTITY_ID", "")  # DLT principal entity id
# sign_in_code.hi=DLT template id. The demo's ids are made up; its gateway asks for none.
DEMO_TEMPLATES = ",".join(
    f"told_{name}.{code}=demo"
    for name in ("reply", "decision", "disposition", "answer", "work")
    for code in ("en", "hi")
)
SMS_TEMPLATES = dict(pair.split("=", 1) for pair in env.words("MYGOV_SMS_TEMPLATES", DEMO_TEMPLATES if DEMO else ""))
SMS_RECEIPT_SECRET = env.text("MYGOV_SMS_RECEIPT_SECRET", "")  # signs the gateway's reports; "" hears none
SMS_PER_HOUR = env.number("MYGOV_SMS_PER_HOUR", 20_000)  # for the whole portal: what a flood may cost at most
PHONE_COUNTRIES = {int(code) for code in env.words("MYGOV_PHONE_COUNTRIES", "91")}

# --- languages, time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
FORMAT_MODULE_PATH = ["mygov.formats"]

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
# The demo serves files from where they lie (finders); production from one collected directory.
STATIC_ROOT = None if DEMO else env.text("MYGOV_STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What people attach (docs/operations.md). Each empty: nothing is scanned; files come from the portal's own address.
SCANNER = env.text("MYGOV_SCANNER", "")  # clamd's host:port, or the path of its unix socket
ATTACHMENTS_ORIGIN = env.text("MYGOV_ATTACHMENTS_ORIGIN", "").rstrip(
    "/"
)  # https://files.example: a host for nothing else
if ATTACHMENTS_ORIGIN:
    ALLOWED_HOSTS += [urlsplit(ATTACHMENTS_ORIGIN).hostname or ATTACHMENTS_ORIGIN]

# --- what a browser is told -----------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS and env.flag("MYGOV_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("MYGOV_BEHIND_PROXY") else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# --- whom citizens write to: shown on the footer's pages; what is empty is not shown ------------
CONTACT = {
    "manager": env.text("MYGOV_WEB_MANAGER", ""),  # the web information manager's office, as GIGW calls it
    "mail": env.text("MYGOV_CONTACT_MAIL", "contact@example.org" if DEMO else ""),
    "phone": env.text("MYGOV_CONTACT_PHONE", ""),
    "address": env.text("MYGOV_CONTACT_ADDRESS", ""),
    "grievance": env.text("MYGOV_GRIEVANCE_MAIL", "grievance@example.org" if DEMO else ""),
}

# --- logs -----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("MYGOV_LOG_LEVEL", "INFO")},
    "loggers": {"smpp": {"level": "WARNING"}},  # it would write whole messages, numbers and codes
}

# --- forms ----------------------------------------------------------------------------------
FORM_RENDERER = "commons.core.forms.PortalRenderer"
