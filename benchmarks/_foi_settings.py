"""The settings of the test run with what stock Django needs beside: its admin, and addresses of its own (``_foi_stock``)."""

from gongkai.config.settings.test import *  # noqa: F403 (settings take over all of others, as everywhere in Django)
from gongkai.config.settings.test import HOME
from gongkai.config.settings.test import INSTALLED_APPS as OURS
from gongkai.config.settings.test import STORAGES as IN_TESTS

# Pages name static files as an installation does: from the list that collecting them has left.
STATIC_ROOT = HOME / "static"
STORAGES = {**IN_TESTS, "staticfiles": {"BACKEND": "gongkai.config.statics.KeptNames"}}
INSTALLED_APPS = [*OURS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks._foi_stock"
ALLOWED_HOSTS = ["*"]
