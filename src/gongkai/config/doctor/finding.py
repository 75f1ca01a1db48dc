"""The words of ``gongkai doctor``: a situation goes in, a finding with its remedy comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from gongkai.config.env import BadEnvironment, Environment

BEIJING = ZoneInfo("Asia/Shanghai")


class Level(StrEnum):
    """How bad it is; the value is the word on the screen."""

    FINE = "正常"
    NOTICE = "注意"
    ERROR = "错误"


@dataclass(frozen=True)
class Finding:
    """What one check saw, in one sentence, and how to mend it (empty when nothing is to be done)."""

    level: Level
    message: str
    remedy: str = ""
    name: str = ""
    title: str = ""

    def of(self, check: Check) -> Finding:
        """Return the finding with the name and title of the check that made it."""
        return replace(self, name=check.name, title=check.title)

    def as_json(self) -> dict[str, str]:
        """Return it for ``--json``."""
        level = {Level.FINE: "ok", Level.NOTICE: "notice", Level.ERROR: "error"}[self.level]
        return {"name": self.name, "title": self.title, "level": level, "message": self.message, "remedy": self.remedy}


def fine(message: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Level.FINE, message)


def notice(message: str, remedy: str) -> Finding:
    """Return a finding that somebody should know of."""
    return Finding(Level.NOTICE, message, remedy)


def error(message: str, remedy: str) -> Finding:
    """Return a finding that has to be mended."""
    return Finding(Level.ERROR, message, remedy)


@dataclass(frozen=True)
class Situation:
    """What the checks look at: the variables as given, the time, and why the database cannot be used (empty if it can).

    ``now`` is in the machine's time zone.
    """

    source: Mapping[str, str]
    now: datetime
    database_problem: str = ""
    settings_module: str = "gongkai.config.settings.embedded"

    @property
    def env(self) -> Environment:
        """The declared variables; the defaults alone where the given ones cannot be read."""
        try:
            return Environment(self.source)
        except BadEnvironment:
            kept = {name: value for name, value in self.source.items() if name == "GONGKAI_HOME"}
            return Environment(kept)

    @property
    def home(self) -> Path:
        """The data folder."""
        home: Path = self.env["GONGKAI_HOME"]
        return home

    @property
    def production(self) -> bool:
        """Whether this is a production installation."""
        return self.settings_module.endswith(".production")


@dataclass(frozen=True)
class Check:
    """One check: its name for machines, its title for people, and the function that looks."""

    name: str
    title: str
    function: Callable[[Situation], Finding]
    needs_database: bool = False
