"""Registers the app with Django and wires listeners to events once everything is loaded."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The one place that knows everything."""

    name = "gongkai.config"
    label = "config"
    verbose_name = "设置"

    def ready(self) -> None:
        """Register every listener."""
        from gongkai.config.wiring import wire

        wire()
