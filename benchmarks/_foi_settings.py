"""The settings of the test run with what stock Django needs beside: its admin, and addresses of its own (``_foi_stock``)."""

from gongkai.config.settings.test import *  # noqa: F403 (settings take over all of others, as everywhere in Django)
from gongkai.config.settings.test import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks._foi_stock"
ALLOWED_HOSTS = ["*"]
