"""Registers the app with Django."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Connected systems and their tokens."""

    name = "gongkai.kernel.tokens"
    label = "tokens"
    verbose_name = "接入系统"
