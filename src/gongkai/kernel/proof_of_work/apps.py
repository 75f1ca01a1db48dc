"""Registers the app with Django, for its static files."""

from django.apps import AppConfig


class ProofOfWorkConfig(AppConfig):
    """Work for browsers, sums for people without scripts."""

    name = "gongkai.kernel.proof_of_work"
    label = "proof_of_work"
    verbose_name = "防机器提交"
