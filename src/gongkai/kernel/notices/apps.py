"""Registers the app with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices to people: an inbox on the workbench, and e-mail."""

    name = "gongkai.kernel.notices"
    label = "notices"
    verbose_name = "通知"
