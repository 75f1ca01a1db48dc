"""What comes after answers in the sample city: answers proposed for the log, and what several people ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gongkai.features.foi.services.log_sweeps import log_entries_propose
from gongkai.features.foi.services.proposal_sweeps import proposals_find

if TYPE_CHECKING:
    from gongkai.cli.demo.history import Stage


def add_after(stage: Stage) -> None:
    """Put the look of last night on the stage, as the worker would have taken it."""
    yesterday = stage.today - timedelta(days=1)
    stage.add(yesterday, 22, lambda now: log_entries_propose(now=now), 20)
    stage.add(yesterday, 22, lambda now: proposals_find(now=now), 25)
