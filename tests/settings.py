"""The portal's settings, with the few changes tests need."""

import os

os.environ.setdefault("MYGOV_DEMO", "1")
# Playwright leaves an event loop behind in the thread; tests that follow in it are no more asynchronous than before.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from mygov.settings import *  # noqa: F403

SECRET_KEY = "for tests only"  # noqa: S105 - not a secret
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A page that asks once for each row fails its test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]  # noqa: F405
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # noqa: F405
ZEAL_NPLUSONE_THRESHOLD = 3  # rows; twice the same is thrift, not a loop
# A shelf of the cache for each test process, so that one may clear it without touching the others'.
SHELF = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 15 + 1
CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{SHELF}"  # noqa: F405
KEEPS_PUBLIC_PARTS = False  # each test has rows of its own
