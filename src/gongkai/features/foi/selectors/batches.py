"""Batches: how far one is, what its lines say, grouped by reason, and the letters it wrote."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet

from gongkai.features.foi import permissions
from gongkai.features.foi.models import BatchLine, BatchRun
from gongkai.features.foi.selectors.access import NotFound
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted

PAGE = 50
GROUPS = 30
"""Reasons that are told each by itself; the rarer ones are in the list of lines."""
UNDER_WAY = (BatchRun.State.TRYING.value, BatchRun.State.RUNNING.value)


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Lines that say the same: the words, how many, and the line by which the group is asked for."""

    told: str
    number: int
    line_id: int


def batch_get(*, actor: Actor, run_id: int) -> BatchRun:
    """Return a batch; raises NotFound where the actor may not see the cases of its unit."""
    found = BatchRun.objects.select_related("unit", "campaign").filter(pk=run_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound("批量办理")
    return found


def batch_list(*, actor: Actor, number: int) -> Page[BatchRun]:
    """Return a page of the batches of the units the actor sees, the newest first. Raises NotPermitted."""
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看批量办理")
    rows = BatchRun.objects.filter(unit_id__in=units).select_related("unit", "campaign").order_by("-pk")
    return Paginator(rows, PAGE).get_page(number)


def batches_of_campaign(*, campaign_id: int) -> list[BatchRun]:
    """Return the latest batches of a campaign."""
    return list(BatchRun.objects.filter(campaign_id=campaign_id).order_by("-pk")[:20])


def reason_groups(*, run: BatchRun, state: str) -> list[ReasonGroup]:
    """Return what the lines in a state say, the most frequent first; lines that say nothing are left out."""
    rows = BatchLine.objects.filter(run=run, state=state).exclude(told="")
    counted = rows.values_list("told").annotate(number=Count("pk"), first=Min("pk")).order_by("-number", "first")
    return [ReasonGroup(told, number, first) for told, number, first in counted[:GROUPS]]


def line_page(*, run: BatchRun, state: str, like: int | None, number: int) -> Page[BatchLine]:
    """Return a page of lines; ``like`` narrows it to those that say the same as this line."""
    rows = BatchLine.objects.filter(run=run).select_related("application", "paper").order_by("pk")
    rows = rows.defer("application__description", "application__query_code")
    if state in BatchLine.State.values:
        rows = rows.filter(state=state)
    if like is not None:
        rows = rows.filter(told__in=BatchLine.objects.filter(run=run, pk=like).values("told"))
    return Paginator(rows, PAGE).get_page(number)


def lines_left(*, run: BatchRun) -> int:
    """Return how many lines have not been looked at or done in the phase that runs."""
    wanted = BatchLine.State.WAITING if run.state == BatchRun.State.TRYING else BatchLine.State.PASSED
    return BatchLine.objects.filter(run=run, state=wanted).count()


def letter_files(*, run: BatchRun) -> list[tuple[str, str]]:
    """Return name and digest of the files of the letters that a batch wrote, in the order of their numbers."""
    return list(_letters(run).order_by("pk").values_list("paper__file__name", "paper__file__sha256"))


def letter_count(*, run: BatchRun) -> int:
    """Return how many letters a batch wrote that are in use."""
    return _letters(run).count()


def _letters(run: BatchRun) -> QuerySet[BatchLine]:
    return BatchLine.objects.filter(run=run, paper__file__isnull=False, paper__removed_at__isnull=True)
