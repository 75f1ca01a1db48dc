"""One machine, one command: PostgreSQL from the wheel under ``GONGKAI_HOME``, or ``DATABASE_URL`` when it is set."""

from __future__ import annotations

from gongkai.config.database import database_settings
from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import HOME, env
from gongkai.config.settings.parts import email_settings, secret_key

DEBUG = False
SECRET_KEY = secret_key(env["GONGKAI_SECRET_KEY"], HOME)
ALLOWED_HOSTS = env["GONGKAI_HOSTS"]
DATABASES = {"default": database_settings(env["DATABASE_URL"], HOME)}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gongkai.config.statics.KeptNames"},
}
globals().update(email_settings(env["GONGKAI_EMAIL_URL"]))
