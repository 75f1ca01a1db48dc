"""Registers the app with Django."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Gap-free register numbers."""

    name = "gongkai.kernel.registers"
    label = "registers"
    verbose_name = "编号"
