"""The portal as the browser's tests start it: a process of its own, in demo mode, that notes which templates it drew."""

import os

from tests.settings import *  # noqa: F403

SITE_URL = os.environ["MYGOV_SITE_URL"]
CACHES["default"]["KEY_PREFIX"] = "browser"  # noqa: F405 - in a Valkey database of its own

TEMPLATES[0]["APP_DIRS"] = False  # noqa: F405
TEMPLATES[0]["OPTIONS"]["loaders"] = [  # noqa: F405
    ("tests.browser.drawn.NotingLoader", ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"])
]  # fmt: skip
ROOT_URLCONF = "tests.browser.urls"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600  # seconds; the states are visited for longer than the portal waits
