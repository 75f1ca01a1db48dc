"""Registers the app with Django."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Components, tokens, base layouts and the pattern library."""

    name = "gongkai.design"
    label = "design"
    verbose_name = "界面"

    def ready(self) -> None:
        """Give form fields our words before any form of ours is imported."""
        from gongkai.design.field_messages import install

        install()
