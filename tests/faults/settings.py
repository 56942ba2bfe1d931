"""The portal's settings with a real mail server, whose port the test names."""

import os

from mygov.settings import *  # noqa: F403

MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ.get("FAULTS_MAIL_PORT", "0")), "timeout": 10},
    }
}
