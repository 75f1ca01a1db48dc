"""Registers the app with Django."""

from django.apps import AppConfig


class ThrottleConfig(AppConfig):
    """Limits that all processes share."""

    name = "gongkai.kernel.throttle"
    label = "throttle"
    verbose_name = "访问频率"
