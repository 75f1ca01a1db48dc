"""Long exports of items: written by a job, with what the person may see then, read by nobody else, deleted after a while."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from gongkai.features.disclosure.models import ItemExport
from gongkai.features.disclosure.selectors import export as selectors
from gongkai.features.disclosure.selectors.exports import export_days, export_get, export_list
from gongkai.features.disclosure.services.exports import export_request, export_write, exports_sweep
from gongkai.features.disclosure.services.items import item_set_limited
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_get, file_open
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.features.disclosure.staff.desk import browser, page_of, url

pytestmark = pytest.mark.django_db


def titles(actor: Actor, export: ItemExport) -> set[str]:
    export.refresh_from_db()
    file = file_get(actor=actor, file_id=export.file_id)
    with file_open(actor=actor, file=file) as stream:
        rows = load_workbook(BytesIO(stream.read())).active.iter_rows(min_row=2, values_only=True)
        return {row[1] for row in rows}


class TestExport:
    def test_is_written_by_a_job_and_told(self, bureau: Bureau) -> None:
        bureau.draft(title="养老服务通知"), bureau.draft(title="防汛通知")
        export = export_request(actor=bureau.drafter, query="text=养老&order=title", now=NOW)
        assert (export.state, export.rows_total) == ("waiting", 1)
        assert "disclosure.write_export" in run_jobs()
        assert titles(bureau.drafter, export) == {"养老服务通知"}
        assert (export.state, export.rows_done) == ("done", 1)
        notice = Notice.objects.get(kind="disclosure.export")
        assert (notice.title, notice.url) == ("公开信息导出已完成，可以下载", f"/admin/disclosure/exports/{export.pk}/")

    def test_holds_what_the_person_may_see_when_it_is_written(self, bureau: Bureau) -> None:
        colleague = bureau.people[Role.UNIT_LEADER]
        seen, hidden = bureau.draft(title="公开的"), bureau.draft(title="将被限制的")
        export = export_request(actor=colleague, now=NOW)
        item_set_limited(actor=bureau.office, item_id=hidden.pk, limited=True, reason="涉密", now=NOW)
        export_write(export_id=export.pk, now=NOW)
        assert titles(colleague, export) == {seen.title}

    def test_is_nobody_elses(self, bureau: Bureau) -> None:
        bureau.draft()
        export = export_request(actor=bureau.drafter, now=NOW)
        export_write(export_id=export.pk, now=NOW)
        export.refresh_from_db()
        for other in (
            bureau.office,
            bureau.world.actor(Role.SYSTEM_ADMINISTRATOR, bureau.world.office),
            Actor.anonymous(),
        ):
            assert export_list(actor=other) == []
            with pytest.raises(Refused):
                export_get(actor=other, export_id=export.pk)
            with pytest.raises(NotPermitted):
                file_get(actor=other, file_id=export.file_id)

    def test_one_at_a_time(self, bureau: Bureau) -> None:
        export_request(actor=bureau.drafter, now=NOW)
        with pytest.raises(Refused, match="正在生成"):
            export_request(actor=bureau.drafter, now=NOW)
        with pytest.raises(NotPermitted):
            export_request(actor=Actor.anonymous(), now=NOW)

    def test_is_deleted_after_the_days_of_the_rulebook(self, bureau: Bureau) -> None:
        export = export_request(actor=bureau.drafter, now=NOW)
        export_write(export_id=export.pk, now=NOW)
        days = timedelta(days=export_days(on=NOW.date()))
        assert exports_sweep(now=NOW + days) == 0
        assert exports_sweep(now=NOW + days + timedelta(seconds=1)) == 1
        export.refresh_from_db()
        assert (export.state, StoredFile.objects.filter(target_type="disclosure.export").count()) == ("expired", 0)


class TestPages:
    def test_a_long_one_is_offered_and_followed(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        bureau.draft()
        client = browser(bureau.drafter)
        assert client.get(url("items_export"))["Content-Disposition"].endswith(".xlsx")
        monkeypatch.setattr(selectors, "IN_REQUEST", 0)
        ask = page_of(client.get(url("items_export"), {"text": "通知"}))
        assert "1条信息" in ask and "在后台生成" in ask
        answer = client.post(f"{url('items_export')}?text=通知")
        export = ItemExport.objects.get()
        assert answer["Location"] == url("export_detail", export.pk)
        assert "排队中" in page_of(client.get(answer["Location"]))
        run_jobs()
        assert "下载" in page_of(client.get(answer["Location"]))
        assert url("export_detail", export.pk) in page_of(client.get(url("export_list")))
        assert browser(bureau.office).get(url("export_detail", export.pk)).status_code == 404
