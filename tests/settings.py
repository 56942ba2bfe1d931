"""The portal's settings, with the few changes tests need."""

import os

os.environ.setdefault("MYGOV_DEMO", "1")

from mygov.settings import *  # noqa: F403

SECRET_KEY = "for tests only"  # noqa: S105 - not a secret
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A shelf of the cache for each test process, so that one may clear it without touching the others'.
SHELF = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 15 + 1
CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{SHELF}"  # noqa: F405
