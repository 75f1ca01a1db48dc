"""Registers the app with Django."""

from django.apps import AppConfig


class WordlistsConfig(AppConfig):
    """Lexicon, allow-list and table of leaders of the operating office."""

    name = "gongkai.kernel.wordlists"
    label = "wordlists"
    verbose_name = "词库"
