"""Who reacts to which event: the one readable list. Features never listen to each other on their own."""

from __future__ import annotations

from gongkai.kernel.events import subscribe


def wire() -> None:
    """Register every listener; called once when Django is ready.

    The listeners are imported here and not above: they lead to models, which are not there before Django is ready.
    """
    from gongkai.config.foi_items import DisclosedItems
    from gongkai.features.disclosure import events as disclosure
    from gongkai.features.disclosure import publication_events as publications
    from gongkai.features.disclosure import tasks as disclosure_tasks
    from gongkai.features.foi import events as foi
    from gongkai.features.foi import tasks as foi_tasks
    from gongkai.features.foi.items_port import register_items
    from gongkai.features.workplans import events as workplans
    from gongkai.features.workplans import tasks as workplans_tasks
    from gongkai.kernel.approvals import events as approvals
    from gongkai.kernel.approvals import tasks as approvals_tasks
    from gongkai.kernel.clocks import tasks as clocks
    from gongkai.kernel.clocks.events import ClockRecomputed
    from gongkai.kernel.orgs import events as orgs
    from gongkai.portal.api import tasks as api
    from gongkai.portal.release import tasks as release
    from gongkai.portal.search import tasks as search

    register_items(DisclosedItems())
    subscribe(ClockRecomputed, clocks.tell_owners, as_job=True)
    subscribe(approvals.StepWaiting, approvals_tasks.on_step_waiting, as_job=True)
    subscribe(approvals.ApprovalReturned, approvals_tasks.on_returned, as_job=True)
    subscribe(approvals.ApprovalCompleted, approvals_tasks.on_completed, as_job=True)
    subscribe(approvals.ApprovalVoided, approvals_tasks.on_voided, as_job=True)
    subscribe(disclosure.ItemDated, disclosure_tasks.on_item_dated, as_job=True)
    subscribe(publications.ItemPublished, disclosure_tasks.on_item_published, as_job=True)
    subscribe(publications.ItemWithdrawn, disclosure_tasks.on_item_withdrawn, as_job=True)
    subscribe(publications.ItemPublished, search.on_item_published, as_job=True)
    subscribe(publications.ItemPublished, foi_tasks.on_item_published, as_job=True)
    subscribe(publications.ItemWithdrawn, api.on_item_withdrawn, as_job=True)
    subscribe(publications.ItemWithdrawn, release.on_item_withdrawn)
    subscribe(publications.ItemWithdrawn, search.on_item_withdrawn, as_job=True)
    subscribe(foi.ApplicationSubmitted, foi_tasks.on_submitted, as_job=True)
    subscribe(orgs.UnitsMerged, disclosure_tasks.on_units_merged, as_job=True)
    subscribe(orgs.UnitSplit, disclosure_tasks.on_unit_split, as_job=True)
    subscribe(workplans.PlanConfirmed, workplans_tasks.on_plan_confirmed, as_job=True)
    subscribe(workplans.ItemMoved, workplans_tasks.on_item_moved, as_job=True)
    subscribe(workplans.ItemSplit, workplans_tasks.on_item_split, as_job=True)
    subscribe(workplans.SupervisionNoticeIssued, workplans_tasks.on_supervision_issued, as_job=True)
    subscribe(workplans.SupervisionNoticeAnswered, workplans_tasks.on_supervision_answered, as_job=True)
