"""Imports of many documents: every row done exactly once, the bad ones told, the others done."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import ImportBatch, ImportRow, Item, Revision
from gongkai.features.disclosure.selectors.imports import (
    BatchNotFound,
    batch_get,
    batch_progress,
    batch_report,
    template_xlsx,
)
from gongkai.features.disclosure.services import imports
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.features.disclosure.services.imports import ImportSession, import_cancel, import_request, import_resume
from gongkai.kernel.accounts.models import Post
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs.testing import run_jobs
from tests.factories.world import NOW, SYSTEM, World


@pytest.fixture
def world(db: None) -> World:
    directory_ensure(actor=SYSTEM, now=NOW)
    return World()


@pytest.fixture
def drafter(world: World):
    return world.actor(Role.DRAFTER, world.finance)


def notice(number: int, more: str = "") -> bytes:
    return (
        f"青溪县财政局文件\n青财字〔2026〕{number}号\n青溪县财政局关于第{number}项工作的通知\n各单位：\n请办理{more}。\n"
        f"青溪县财政局\n2026年1月{number % 28 + 1}日\n"
    ).encode()


def packed(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
    return target.getvalue()


def sheet(
    *rows: tuple[object, ...],
    head: tuple[str, ...] = ("标题（必填）", "文 号", "成文日期", "公开方式", "公开依据", "栏目", "附件路径"),
) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["2025年度公开信息清单"])
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(data: bytes, name: str) -> io.BytesIO:
    source = io.BytesIO(data)
    source.name = name
    return source


def run(batch: ImportBatch) -> ImportBatch:
    with ImportSession(batch.pk) as session:
        while session.step(now=NOW):
            pass
    batch.refresh_from_db()
    return batch


def ask(actor, world: World, *, archive: bytes | None = None, listed: bytes | None = None, **more) -> ImportBatch:
    return import_request(
        actor=actor,
        unit_id=world.finance.pk,
        kind="notice",
        archive=upload(archive, "资料.zip") if archive else None,
        sheet=upload(listed, "清单.xlsx") if listed else None,
        background=False,
        now=NOW,
        **more,
    )


def states(batch: ImportBatch) -> dict[str, str]:
    return dict(ImportRow.objects.filter(batch=batch).values_list("path", "state"))


class TestArchive:
    def test_makes_a_draft_of_each_file(self, world, drafter):
        batch = run(ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 6)})))
        progress = batch_progress(batch_id=batch.pk)
        assert (batch.state, progress.done, progress.percent) == (ImportBatch.State.DONE, 5, 100)
        item = Item.objects.get(doc_no="青财字〔2026〕3号")
        content = ItemContent.from_data(item.head.content)
        assert (item.state, item.title, item.written_on, item.attribute) == (
            Item.State.DRAFTING,
            "青溪县财政局关于第3项工作的通知",
            date(2026, 1, 4),
            "",
        )
        assert [a.name for a in content.attachments] == ["3.txt"]
        assert (content.issuer.id, content.columns) == (world.finance.pk, ("C01-3",))
        assert item.head.digest == content.digest()

    def test_writes_what_single_drafts_write(self, world, drafter):
        run(ask(drafter, world, archive=packed({"1.txt": notice(1)})))
        revision = Revision.objects.get()
        assert (revision.number, revision.created_by_id) == (1, drafter.user_id)
        assert chain_verify() == []

    def test_tells_bad_files_and_does_the_others(self, world, drafter):
        members = {
            "好.txt": notice(1),
            "../外.txt": notice(2),
            "空.txt": b"",
            "坏.docx": b"PK\x03\x04damaged",
            "好2.txt": notice(3),
        }
        batch = run(ask(drafter, world, archive=packed(members)))
        assert states(batch) == {
            "好.txt": "done",
            "../外.txt": "failed",
            "空.txt": "failed",
            "坏.docx": "failed",
            "好2.txt": "done",
        }
        told = {row.path: " ".join(row.issues) for row in ImportRow.objects.filter(batch=batch, state="failed")}
        assert "以外的位置" in told["../外.txt"] and "空文件" in told["空.txt"] and "已损坏" in told["坏.docx"]

    def test_imports_the_same_file_once(self, world, drafter):
        batch = run(ask(drafter, world, archive=packed({"a/甲.txt": notice(1), "b/甲.txt": notice(1)})))
        assert states(batch) == {"a/甲.txt": "done", "b/甲.txt": "duplicate"}
        assert "本批第 1 行" in ImportRow.objects.get(batch=batch, number=2).issues[0]

    @pytest.mark.parametrize(
        ("data", "how"),
        [
            (notice(1), "文件完全相同"),
            (notice(1, "好"), "文号相同"),
            (notice(1, "好").replace("〔2026〕1号".encode(), "〔2026〕99号".encode()), "标题和成文日期相同"),
        ],
    )
    def test_finds_what_is_there_already(self, world, drafter, data, how):
        run(ask(drafter, world, archive=packed({"甲.txt": notice(1)})))
        batch = run(ask(drafter, world, archive=packed({"乙.txt": data})))
        row = ImportRow.objects.get(batch=batch)
        assert row.state == "duplicate" and how in row.issues[0]
        assert Item.objects.count() == 1

    def test_refuses_what_is_no_archive(self, world, drafter):
        batch = run(ask(drafter, world, archive=b"no archive"))
        assert batch.state == ImportBatch.State.FAILED
        assert "不是可以打开的 ZIP" in batch.issues[0]

    def test_keeps_scans_as_attachments_and_says_so(self, world, drafter):
        picture = io.BytesIO()
        from PIL import Image

        Image.new("RGB", (50, 50)).save(picture, "PNG")
        batch = run(ask(drafter, world, archive=packed({"扫描件.png": picture.getvalue()})))
        row = ImportRow.objects.get(batch=batch)
        assert (row.state, row.item.title) == ("done", "扫描件")
        assert "没有识别" in row.issues[0]


class TestSheet:
    def test_takes_cells_before_what_the_file_says(self, world, drafter):
        listed = sheet(
            (
                "清单里的标题",
                "青财字[2025]8号",
                "2025-06-30",
                "主动公开",
                "第二十条第七项",
                "其他政策文件",
                "2025/甲.txt",
            ),
            ("只有正文的", None, date(2025, 7, 1), None, None, None, None),
        )
        archive = packed({"2025/甲.txt": notice(1), "2025/没提到.txt": notice(2)})
        batch = run(ask(drafter, world, archive=archive, listed=listed))
        assert batch.state == ImportBatch.State.DONE
        first = Item.objects.get(title="清单里的标题")
        assert (first.doc_no, first.written_on, first.attribute, first.grounds) == (
            "青财字〔2025〕8号",
            date(2025, 6, 30),
            "proactive",
            ["art20_7"],
        )
        assert Item.objects.filter(title="只有正文的", written_on=date(2025, 7, 1)).exists()
        assert "没提到.txt" in batch.issues[0]

    def test_tells_every_bad_row_by_its_number_and_does_the_others(self, world, drafter):
        listed = sheet(
            ("好的", None, None, None, None, None, "甲.txt"),
            ("缺文件", None, None, None, None, None, "没有.txt"),
            ("坏日期", None, "去年夏天", None, None, None, None),
            ("坏属性", None, None, "看情况", None, None, None),
            ("坏依据", None, None, "主动公开", "上级要求", None, None),
            ("坏栏目", None, None, None, None, "没有的栏目", None),
            (None, "青财字〔2025〕1号", None, None, None, None, None),
        )
        batch = run(ask(drafter, world, archive=packed({"甲.txt": notice(1)}), listed=listed))
        told = {row.number: (row.state, " ".join(row.issues)) for row in ImportRow.objects.filter(batch=batch)}
        assert told[3][0] == "done"
        assert {n: state for n, (state, _) in told.items() if n > 3} == dict.fromkeys(range(4, 10), "failed")
        for number, words in (
            (4, "没有.txt"),
            (5, "去年夏天"),
            (6, "看情况"),
            (7, "上级要求"),
            (8, "没有的栏目"),
            (9, "没有标题"),
        ):
            assert words in told[number][1]

    def test_needs_a_head(self, world, drafter):
        batch = run(ask(drafter, world, listed=sheet(("甲", "乙"), head=("姓名", "电话"))))
        assert batch.state == ImportBatch.State.FAILED and "没有找到表头" in batch.issues[0]

    def test_needs_the_archive_that_its_paths_mean(self, world, drafter):
        batch = run(ask(drafter, world, listed=sheet(("甲", None, None, None, None, None, "甲.txt"))))
        assert "没有同时上传压缩包" in ImportRow.objects.get(batch=batch).issues[0]

    def test_reads_its_own_template(self, world, drafter):
        batch = run(ask(drafter, world, listed=template_xlsx()))
        row = ImportRow.objects.get(batch=batch)
        assert row.state == "failed"  # the example row names files that are not there
        assert all("没有同时上传压缩包" in told for told in row.issues)

    def test_leaves_an_attribute_without_ground_open(self, world, drafter):
        batch = run(ask(drafter, world, listed=sheet(("甲", None, None, "主动公开", None, None, None))))
        row = ImportRow.objects.get(batch=batch)
        assert (row.state, row.item.attribute) == ("done", "")
        assert "没有填公开依据" in row.issues[0]


class TestResume:
    def test_goes_on_where_it_was_broken_off(self, world, drafter, monkeypatch):
        monkeypatch.setattr(imports, "CHUNK", 3)
        batch = ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 11)}))
        with ImportSession(batch.pk) as session:
            assert session.step(now=NOW) and session.step(now=NOW)
        assert batch_progress(batch_id=batch.pk).done == 3
        run(batch)
        progress = batch_progress(batch_id=batch.pk)
        assert (progress.done, progress.total, Item.objects.count()) == (10, 10, 10)

    def test_leaves_nothing_of_a_chunk_that_failed(self, world, drafter, monkeypatch):
        batch = ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 6)}))
        real = imports._close
        monkeypatch.setattr(imports, "_close", _killed)
        with pytest.raises(KeyboardInterrupt):
            run(batch)
        assert (Item.objects.count(), batch_progress(batch_id=batch.pk).done) == (0, 0)
        monkeypatch.setattr(imports, "_close", real)
        assert run(batch).state == ImportBatch.State.DONE
        assert Item.objects.count() == 5

    def test_listing_again_adds_nothing(self, world, drafter):
        batch = run(ask(drafter, world, archive=packed({"甲.txt": notice(1)})))
        ImportBatch.objects.filter(pk=batch.pk).update(state="waiting", finished_at=None)
        run(batch)
        assert (ImportRow.objects.count(), Item.objects.count()) == (1, 1)

    def test_tries_rows_with_problems_again_when_asked(self, world, drafter):
        batch = run(ask(drafter, world, listed=sheet(("甲", None, None, None, None, "新栏目", None))))
        from gongkai.features.disclosure.models import DirectoryColumn

        DirectoryColumn.objects.create(code="N1", name="新栏目", order=999)
        import_resume(actor=drafter, batch_id=batch.pk, retry_failed=True, now=NOW)
        run(batch)
        assert ImportRow.objects.get(batch=batch).state == "done"

    def test_stops_when_asked(self, world, drafter, monkeypatch):
        monkeypatch.setattr(imports, "CHUNK", 2)
        batch = ask(drafter, world, archive=packed({f"{n}.txt": notice(n) for n in range(1, 6)}))
        with ImportSession(batch.pk) as session:
            session.step(now=NOW)
            session.step(now=NOW)
            import_cancel(actor=drafter, batch_id=batch.pk, now=NOW)
            assert not session.step(now=NOW)
        assert Item.objects.count() == 2
        import_resume(actor=drafter, batch_id=batch.pk, now=NOW)
        assert run(batch).state == ImportBatch.State.DONE and Item.objects.count() == 5

    @pytest.mark.django_db(transaction=True)
    def test_runs_as_a_job(self, world, drafter):
        batch = import_request(
            actor=drafter,
            unit_id=world.finance.pk,
            kind="notice",
            archive=upload(packed({"甲.txt": notice(1)}), "资料.zip"),
            now=NOW,
        )
        run_jobs()
        batch.refresh_from_db()
        assert (batch.state, Item.objects.count()) == (ImportBatch.State.DONE, 1)


def _killed(*_, **__):
    raise KeyboardInterrupt


class TestWhoMay:
    def test_only_who_makes_items_of_the_unit(self, world):
        for role, unit in ((Role.FIRST_REVIEWER, world.finance), (Role.DRAFTER, world.justice)):
            with pytest.raises(NotPermitted):
                ask(world.actor(role, unit), world, archive=packed({"甲.txt": notice(1)}))

    def test_folders_of_the_server_from_the_command_line_only(self, world, drafter, tmp_path):
        with pytest.raises(NotPermitted):
            import_request(
                actor=drafter, unit_id=world.finance.pk, kind="notice", folder=tmp_path, background=True, now=NOW
            )

    def test_see_an_import_only_its_maker_and_the_office(self, world, drafter):
        batch = ask(drafter, world, archive=packed({"甲.txt": notice(1)}))
        office = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        assert batch_get(actor=office, batch_id=batch.pk) == batch
        for other in (world.actor(Role.DRAFTER, world.finance), world.actor(Role.DISCLOSURE_OFFICE, world.office)):
            for attempt in (
                lambda who=other: batch_get(actor=who, batch_id=batch.pk),
                lambda who=other: batch_report(actor=who, batch_id=batch.pk),
                lambda who=other: import_cancel(actor=who, batch_id=batch.pk, now=NOW),
            ):
                with pytest.raises(BatchNotFound):
                    attempt()

    def test_somebody_who_has_left_does_not_go_on(self, world, drafter):
        batch = ask(drafter, world, archive=packed({"甲.txt": notice(1)}))
        Post.objects.filter(user_id=drafter.user_id).update(until_on=date(2025, 1, 1))
        run(batch)
        assert (batch.state, Item.objects.count()) == (ImportBatch.State.FAILED, 0)


class TestRequest:
    def test_tells_everything_that_is_missing_at_once(self, world, drafter):
        with pytest.raises(Refused) as caught:
            import_request(actor=drafter, unit_id=world.finance.pk, kind="?", now=NOW)
        assert set(caught.value.codes()) == {"intake.batch.nothing", "disclosure.kind.unknown"}


class TestReport:
    def test_tells_what_became_of_each_row(self, world, drafter):
        batch = run(ask(drafter, world, archive=packed({"好.txt": notice(1), "空.txt": b""})))
        rows = list(openpyxl.load_workbook(io.BytesIO(batch_report(actor=drafter, batch_id=batch.pk))).active.values)
        assert rows[1][:4] == ("行号", "文件", "标题", "结果")
        assert [(row[1], row[3]) for row in rows[2:]] == [("好.txt", "已导入"), ("空.txt", "有问题，未导入")]


class TestFolder:
    def test_reads_a_folder_of_the_server(self, world, drafter, tmp_path: Path):
        (tmp_path / "甲.txt").write_bytes(notice(1))
        batch = import_request(
            actor=drafter, unit_id=world.finance.pk, kind="notice", folder=tmp_path, background=False, now=NOW
        )
        assert run(batch).state == ImportBatch.State.DONE
        assert Item.objects.get().created_by_id == drafter.user_id
