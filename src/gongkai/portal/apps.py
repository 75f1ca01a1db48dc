"""Registers the app with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "gongkai.portal"
    label = "portal"
    verbose_name = "门户"
