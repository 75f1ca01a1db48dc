from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.portal.api.dumps import dump_current, dump_due
from gongkai.portal.api.ranges import Unsatisfiable, byte_range
from gongkai.portal.api.services.dump import dump_make
from gongkai.portal.api.tasks import renew, sweep
from tests.factories.disclosure import Bureau
from tests.portal.api.conftest import BASE, Check, ago
from tests.portal.api.test_publications import correct

FILE = "/api/v1/dumps/publications.jsonl"


def made(at: Any = None) -> Any:
    now = at or timezone.now()
    return dump_make(Path(settings.DUMP_DIR), at=now, on=timezone.localdate(now))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestMaking:
    def test_holds_everything_public_and_nothing_else(self, bureau: Bureau, check: Check) -> None:
        shown = [bureau.published(now=ago(hours=3)), bureau.published(now=ago(hours=2))]
        bureau.withdrawn(now=ago(hours=2))
        bureau.approved("withheld")
        dump = made()
        data = dump.path.read_bytes()
        lines = [json.loads(line) for line in data.splitlines()]
        assert [one["id"] for one in lines] == [str(item.uid) for item in shown]
        assert (dump.items, dump.size, dump.sha256) == (2, len(data), hashlib.sha256(data).hexdigest())
        listed = check("/api/v1/publications/", "publications_list")["items"]
        assert all(one.items() >= row.items() for one, row in zip(lines, reversed(listed), strict=True))

    def test_the_same_again_has_the_same_bytes_and_the_former_is_gone(self, bureau: Bureau) -> None:
        bureau.published(now=ago(hours=3))
        first = made()
        assert made().sha256 == first.sha256
        bureau.published(now=ago(hours=1))
        second = made()
        assert second.sha256 != first.sha256
        assert [path.name for path in Path(settings.DUMP_DIR).glob("*.jsonl")] == [second.path.name]

    def test_with_the_changes_after_its_cursor_nothing_is_missed(self, bureau: Bureau, check: Check) -> None:
        first = bureau.published(now=ago(hours=3))
        dump = made(ago(hours=2))
        second = bureau.published(now=ago(hours=1))
        correct(bureau, first, ago(minutes=30))
        changes = check("/api/v1/changes/", "changes_list", since=str(dump.cursor))["items"]
        assert [(one["type"], one["id"]) for one in changes] == [
            ("published", str(second.uid)),
            ("corrected", str(first.uid)),
        ]

    def test_is_due_each_day_and_after_what_was_taken_down_or_corrected(self, bureau: Bureau) -> None:
        item = bureau.published(now=ago(hours=3))
        today = timezone.localdate()
        assert dump_due(None, today=today)
        dump = made()
        assert not dump_due(dump, today=today)
        assert dump_due(dump, today=today + timedelta(days=1))
        bureau.published()
        assert not dump_due(dump, today=today)
        correct(bureau, item, timezone.now())
        assert dump_due(dump, today=today)

    def test_a_damaged_note_counts_as_none(self, bureau: Bureau, tmp_path: Path) -> None:
        dump = made()
        folder = dump.path.parent
        assert dump_current(folder) == dump
        (folder / "current.json").write_text('{"file": "../secret_key"}')
        assert dump_current(folder) is None

    def test_command_writes_it_elsewhere(self, bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from gongkai.cli import dump as command

        monkeypatch.setattr(command, "setup", lambda **_: None)
        bureau.published(now=ago(hours=3))
        result = CliRunner().invoke(command.dump, ["--out", str(tmp_path / "out")])
        assert result.exit_code == 0, result.output
        [path] = (tmp_path / "out").glob("*.jsonl")
        assert "已写出 1 条" in result.output
        assert hashlib.sha256(path.read_bytes()).hexdigest() in result.output


class TestFile:
    def test_is_told_of_and_sent_whole_or_in_parts(self, bureau: Bureau, client: Client, check: Check) -> None:
        bureau.published(now=ago(hours=3))
        dump = made()
        data = dump.path.read_bytes()
        [told] = check("/api/v1/dumps/", "dumps_list")["items"]
        assert (told["url"], told["sha256"], told["size"]) == (f"{BASE}{FILE}", dump.sha256, len(data))
        whole = client.get(FILE)
        assert body(whole) == data
        assert whole["Content-Length"] == str(len(data))
        assert whole["Last-Modified"].endswith("GMT")
        part = client.get(FILE, headers={"Range": "bytes=10-19", "If-Range": whole["ETag"]})
        assert (part.status_code, body(part)) == (206, data[10:20])
        assert part["Content-Range"] == f"bytes 10-19/{len(data)}"
        assert client.get(FILE, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
        other = client.get(FILE, headers={"Range": "bytes=10-19", "If-Range": '"another"'})
        assert (other.status_code, len(body(other))) == (200, len(data))
        assert client.get(FILE, headers={"If-None-Match": whole["ETag"]}).status_code == 304
        head = client.head(FILE)
        assert head["Content-Length"] == str(len(data))

    def test_is_closed_at_once_when_something_in_it_is_taken_down(
        self, bureau: Bureau, client: Client, check: Check, django_capture_on_commit_callbacks: Any
    ) -> None:
        kept, item = bureau.published(now=ago(hours=3)), bureau.published(now=ago(hours=2))
        made()
        with django_capture_on_commit_callbacks(execute=True):
            publication_withdraw(
                actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=timezone.now()
            )
        closed = client.get(FILE)
        assert closed.status_code == 503
        assert closed.json()["code"] == "api.dump.renewed"
        assert int(closed["Retry-After"]) > 0
        assert check("/api/v1/dumps/", "dumps_list")["items"] == []
        run_jobs(now=timezone.now() + timedelta(seconds=30))
        renew()
        assert [json.loads(line)["id"] for line in body(client.get(FILE)).splitlines()] == [str(kept.uid)]

    def test_says_when_there_is_none_yet(self, bureau: Bureau, client: Client) -> None:
        response = client.get(FILE)
        assert response.status_code == 404
        assert response.json()["code"] == "api.dump.none"

    def test_job_renews_one_that_is_there_and_the_sweep_makes_the_first(self, bureau: Bureau) -> None:
        renew()
        assert dump_current(Path(settings.DUMP_DIR)) is None
        sweep()
        assert dump_current(Path(settings.DUMP_DIR)) is not None


class TestRange:
    @pytest.mark.parametrize(
        ("header", "found"),
        [
            ("bytes=0-0", (0, 0)), ("bytes=5-", (5, 9)), ("bytes=-3", (7, 9)), ("bytes=-30", (0, 9)),
            ("bytes=0-99", (0, 9)), ("bytes=5-2", None), ("bytes=0-1,3-4", None), ("lines=1-2", None), ("", None),
            ("bytes=-", None),
        ],
    )  # fmt: skip
    def test_is_read(self, header: str, found: Any) -> None:
        assert byte_range(header, 10) == found

    @pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
    def test_beyond_the_end_is_refused(self, header: str) -> None:
        with pytest.raises(Unsatisfiable):
            byte_range(header, 10)

    @given(header=st.text(max_size=30) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}"), size=st.integers(1, 10**9))
    def test_lies_within_the_file_whatever_is_asked(self, header: str, size: int) -> None:
        try:
            found = byte_range(header, size)
        except Unsatisfiable:
            return
        assert found is None or 0 <= found[0] <= found[1] < size
