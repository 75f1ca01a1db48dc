"""The ``gongkai`` command. Each subcommand lives in a module of its own and is imported only when it is called.

Commands that compute (``plan read``, ``clock explain``) touch neither Django nor a database. Any name that is not
listed here is handed to Django (``gongkai migrate``, ``gongkai shell`` …).
"""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "audit": "gongkai.cli.audit:audit",
    "build": "gongkai.cli.build:build",
    "calendar": "gongkai.cli.calendar:calendar",
    "check": "gongkai.cli.check:check",
    "clock": "gongkai.cli.clock:clock",
    "demo": "gongkai.cli.demo:demo",
    "doctor": "gongkai.cli.doctor:doctor",
    "dump": "gongkai.cli.dump:dump",
    "foi": "gongkai.cli.foi:foi",
    "import": "gongkai.cli.imports:import_folder",
    "plan": "gongkai.cli.plan:plan",
    "publication": "gongkai.cli.publication:publication",
    "run": "gongkai.cli.run:run",
    "seal": "gongkai.cli.seal:seal",
    "verify": "gongkai.cli.verify:verify",
    "search": "gongkai.cli.search:search",
}


class LazyGroup(click.Group):
    """A click group that imports a subcommand's module on first use, so that pure commands start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command of ours; Django's own are listed by ``gongkai help``."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None when the name is not ours."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="gongkai", prog_name="gongkai")
def cli() -> None:
    """公开（Gongkai）：政务公开一体化平台。"""


def main() -> None:
    """Run one of our commands, or hand over to Django's."""
    name = next((a for a in sys.argv[1:] if not a.startswith("-")), None)
    if name is None or name in COMMANDS:
        cli(prog_name="gongkai")
    from gongkai.config.manage import django_command

    django_command(sys.argv)
