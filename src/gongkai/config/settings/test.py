"""Production, less the outside services; the database is an embedded server that the test run starts."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("GONGKAI_HOME", str(Path(tempfile.gettempdir()) / f"gongkai-test-{os.getuid()}"))

from gongkai.config.database import database_settings
from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import HOME, env

DEBUG = False
SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database_settings(env["DATABASE_URL"], HOME)}
SEALED_KEYS = f"test:{'k' * 42}s="
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
IMPORT_READERS = 0  # files are read in the process of the test; tests of the processes ask for some
FOI_FIGURES_SECONDS = 0  # tests count anew
LINK_CHECK = False  # no network in tests; those of the link check switch it on for the loopback
