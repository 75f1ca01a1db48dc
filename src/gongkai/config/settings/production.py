"""Several processes behind a proxy, an external PostgreSQL, a secret from the environment."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from gongkai.config.database import database_settings
from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import HOME, env
from gongkai.config.settings.parts import email_settings

missing = [name for name in ("GONGKAI_SECRET_KEY", "DATABASE_URL") if not env[name]]
if missing:
    raise ImproperlyConfigured(f"生产方式缺少设置：{'、'.join(missing)}。说明见 docs/settings.md。")

DEBUG = False
SECRET_KEY = env["GONGKAI_SECRET_KEY"]
ALLOWED_HOSTS = env["GONGKAI_HOSTS"]
DATABASES = {"default": database_settings(env["DATABASE_URL"], HOME)}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gongkai.config.statics.KeptNames"},
}
globals().update(email_settings(env["GONGKAI_EMAIL_URL"]))
