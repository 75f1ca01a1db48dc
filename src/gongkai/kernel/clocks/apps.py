"""Registers the app with Django."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Working-day calendars on file and the clocks that run over them."""

    name = "gongkai.kernel.clocks"
    label = "clocks"
    verbose_name = "期限"
