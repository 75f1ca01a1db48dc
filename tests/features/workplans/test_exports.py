"""Long exports: written by a job, told to the person, read by nobody else, deleted after a while."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import LedgerExport
from gongkai.features.workplans.tasks import sweep_exports
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_get, file_open
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.selectors import notice_list
from tests.factories.world import NOW, World


@pytest.fixture
def clerk(world: World) -> Actor:
    """A clerk of the finance bureau, with one item of its own and one of another bureau on the ledger."""
    plan = world.plan()
    world.item(plan, lead=world.finance, title="+财政局的事")
    world.item(plan, lead=world.justice, title="司法局的事")
    return world.actor(Role.DRAFTER, world.finance)


def written(export: LedgerExport) -> LedgerExport:
    services.export_write(export_id=export.pk, now=NOW)
    export.refresh_from_db()
    return export


class TestExport:
    def test_the_job_writes_what_the_person_sees_and_tells(self, clerk: Actor) -> None:
        export = services.export_request(actor=clerk, query="lights=no_date&lights=overdue", now=NOW)
        assert (export.state, export.rows_total, selectors.export_get(actor=clerk, export_id=export.pk).under_way) == (
            "waiting",
            1,
            True,
        )
        assert "workplans.write_export" in run_jobs()
        row = selectors.export_get(actor=clerk, export_id=export.pk)
        assert (row.state, row.rows_done, row.rows_total) == ("done", 1, 1)
        assert row.file_id is not None
        with file_open(actor=clerk, file=file_get(actor=clerk, file_id=row.file_id)) as source:
            rows = list(load_workbook(BytesIO(source.read())).worksheets[0].iter_rows(min_row=2))
        assert [(r[5].value, r[5].data_type, r[5].quotePrefix) for r in rows] == [("+财政局的事", "s", True)]
        (notice,) = [n for n in notice_list(actor=clerk) if n.kind == "workplans.export"]
        assert notice.url == f"/admin/workplans/exports/{export.pk}/"
        services.export_write(export_id=export.pk, now=NOW)
        assert StoredFile.objects.count() == 1

    def test_narrows_by_the_query(self, clerk: Actor, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        export = written(services.export_request(actor=office, query="text=司法局", now=NOW))
        assert export.rows_total == 1

    def test_nobody_else_sees_or_reads_it(self, clerk: Actor, world: World) -> None:
        export = written(services.export_request(actor=clerk, now=NOW))
        for other in (world.actor(Role.DISCLOSURE_OFFICE, world.office), world.actor(Role.DRAFTER, world.finance)):
            assert selectors.export_list(actor=other) == []
            with pytest.raises(selectors.NotFound):
                selectors.export_get(actor=other, export_id=export.pk)
            with pytest.raises(NotPermitted):
                file_get(actor=other, file_id=export.file_id)

    def test_uses_the_rights_of_the_moment_at_which_it_is_written(self, clerk: Actor) -> None:
        export = services.export_request(actor=clerk, now=NOW)
        User.objects.filter(pk=clerk.user_id).update(is_active=False)
        assert written(export).rows_done == 0

    def test_one_at_a_time_and_only_for_people(self, clerk: Actor) -> None:
        services.export_request(actor=clerk, now=NOW)
        with pytest.raises(Refused, match="正在生成"):
            services.export_request(actor=clerk, now=NOW)
        with pytest.raises(NotPermitted):
            services.export_request(actor=Actor.anonymous(), now=NOW)

    def test_failure_is_told_and_raised(self, clerk: Actor, settings, tmp_path) -> None:
        export = services.export_request(actor=clerk, now=NOW)
        settings.FILES_DIR = tmp_path / "a-file"
        settings.FILES_DIR.write_bytes(b"no folder")
        with pytest.raises(Refused):
            services.export_write(export_id=export.pk, now=NOW)
        export.refresh_from_db()
        assert (export.state, export.finished_at) == ("failed", NOW)
        assert [n.title for n in notice_list(actor=clerk) if n.kind == "workplans.export"] == ["台账导出没有成功"]


class TestSweep:
    def test_deletes_what_is_older_than_the_rulebook_allows(self, clerk: Actor) -> None:
        days = selectors.export_days(on=NOW.date())
        export = written(services.export_request(actor=clerk, now=NOW))
        assert services.exports_sweep(now=NOW + timedelta(days=days)) == 0
        assert services.exports_sweep(now=NOW + timedelta(days=days, seconds=1)) == 1
        export.refresh_from_db()
        assert (export.state, export.file_id, StoredFile.objects.count()) == ("expired", None, 0)

    def test_ends_what_is_stuck(self, clerk: Actor) -> None:
        export = services.export_request(actor=clerk, now=NOW)
        sweep_exports()
        export.refresh_from_db()
        assert export.state == "failed"
