"""The gate on real files, each with something planted where nobody looks."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from gongkai.features.disclosure.models import FileCheck, GateRun
from gongkai.features.disclosure.selectors import file_checks
from gongkai.features.disclosure.services import gate as services
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files.storage import place_of
from tests.factories.world import NOW, World
from tests.features.disclosure.gate_samples import attachment, content, item
from tests.kernel.content.files import (
    ID,
    document,
    pdf,
    picture,
    with_members,
    workbook,
    workbook_with_pivot_cache,
)

pytestmark = pytest.mark.django_db
VBA = {"word/vbaProject.bin": b"macro"}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return World()


@pytest.fixture
def drafter(world: World) -> Actor:
    return world.actor(Role.DRAFTER, world.finance)


def run(world: World, drafter: Actor, data: bytes, name: str) -> GateRun:
    said = content(world.finance, attachments=(attachment(data, name),))
    made = item(world.finance, User.objects.get(pk=drafter.user_id), said)
    return services.gate_run(actor=drafter, item_id=made.pk, now=NOW)


def told(found: GateRun) -> dict[str, dict[str, Any]]:
    """Issues by code, those about the missing signatures left out."""
    return {issue["code"]: issue for issue in found.issues if issue["field"] != "route"}


def encrypted() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, encrypt=StandardEncryption("user", ownerPassword="owner", strength=128))
    page.drawString(72, 700, "2026")
    page.save()
    return stream.getvalue()


def zip_bomb() -> bytes:
    stream = io.BytesIO(document())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * (300 * 1024 * 1024))
    return stream.getvalue()


class TestPlanted:
    @pytest.mark.parametrize(
        ("data", "name", "place"),
        [
            (workbook(plant="cell"), "名单.xlsx", "工作表“公示名单” 第 3 行 D 列"),
            (workbook(plant="sheet"), "名单.xlsx", "隐藏的工作表，“原始数据” 第 2 行 B 列"),
            (workbook(plant="row"), "名单.xlsx", "隐藏的行，工作表“公示名单” 第 3 行 D 列"),
            (workbook(plant="comment"), "名单.xlsx", "批注（经办人），工作表“公示名单” 第 2 行 B 列"),
            (workbook_with_pivot_cache(), "汇总.xlsx", "数据透视表缓存"),
            (document(plant="del"), "通知.docx", "修订中删除的文字"),
            (document(plant="hidden"), "通知.docx", "隐藏文字"),
            (document(plant="comment"), "通知.docx", "批注"),
            (pdf(plant="box"), "公示.pdf", "被遮盖的文字"),
        ],
    )
    def test_number_stops_the_item_and_is_placed(
        self, world: World, drafter: Actor, data: bytes, name: str, place: str
    ) -> None:
        issue = told(run(world, drafter, data, name))["content.person.id_number"]
        assert issue["stops"]
        assert issue["place"].startswith(f"附件《{name}》，{place}")
        assert ID not in str(issue)

    def test_place_of_a_photograph_is_told(self, world: World, drafter: Actor) -> None:
        found = told(run(world, drafter, picture(located=True), "现场.jpg"))
        assert {"content.hidden.gps", "gate.attachment.picture_not_read", "gate.attachment.no_alt"} <= set(found)

    def test_clean_file_is_clean(self, world: World, drafter: Actor) -> None:
        assert told(run(world, drafter, workbook(), "名单.xlsx")) == {}


class TestUnfit:
    @pytest.mark.parametrize(
        ("data", "name", "code", "overridable"),
        [
            (document()[:3000], "通知.docx", "gate.attachment.damaged", False),
            (b"   ", "空.txt", "gate.attachment.damaged", False),
            (encrypted(), "公示.pdf", "gate.attachment.encrypted", False),
            (with_members(document(), VBA), "通知.docm", "gate.attachment.macros", False),
            (b"MZ" + bytes(range(256)) * 8, "安装.exe", "gate.attachment.program", False),
            (pdf(), "公示.docx", "gate.attachment.mistyped", True),
            (b"Rar!\x1a\x07" + bytes(range(256)), "附件.rar", "gate.attachment.not_read", True),
            (b"GIF89a" + bytes(range(256)), "图.gif", "gate.attachment.picture_not_read", False),
        ],
    )
    def test_is_told_by_its_own_check(
        self, world: World, drafter: Actor, data: bytes, name: str, code: str, overridable: bool
    ) -> None:
        found = told(run(world, drafter, data, name))
        assert found[code]["overridable"] is overridable

    def test_zip_bomb(self, world: World, drafter: Actor) -> None:
        found = told(run(world, drafter, zip_bomb(), "通知.docx"))
        assert set(found) & {"gate.attachment.bomb", "gate.attachment.too_large"}

    def test_file_larger_than_is_looked_through(
        self, world: World, drafter: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from gongkai.kernel.documents import DEFAULT

        small = replace(DEFAULT, max_bytes=100)
        check = file_checks.check_file
        monkeypatch.setattr(file_checks, "check_file", lambda path, **more: check(path, limits=small, **more))
        assert "gate.attachment.too_large" in told(run(world, drafter, workbook(), "名单.xlsx"))

    def test_file_that_is_gone_or_was_changed_on_disk(self, world: World, drafter: Actor, settings: Any) -> None:
        ref = attachment(workbook(), "名单.xlsx")
        author = User.objects.get(pk=drafter.user_id)
        made = item(world.finance, author, content(world.finance, attachments=(ref,)))
        path = place_of(settings.FILES_DIR, ref.sha256)
        path.chmod(0o600)
        path.write_bytes(workbook(plant="cell"))
        changed = services.gate_run(actor=drafter, item_id=made.pk, now=NOW)
        assert not told(changed)["gate.attachment.changed"]["overridable"]
        path.unlink()
        gone = services.gate_run(actor=drafter, item_id=made.pk, now=NOW)
        assert "gate.attachment.gone" in told(gone)

    def test_more_findings_than_are_listed(self, world: World, drafter: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(file_checks, "MOST_FOUND", 3)
        data = "\n".join(f"身份证号{ID}" for _ in range(9)).encode()
        issue = told(run(world, drafter, data, "名单.txt"))["gate.attachment.more"]
        assert "另有 6 处" in issue["sentence"]
        assert not issue["overridable"]


class TestCache:
    def test_file_is_looked_through_once(self, world: World, drafter: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        looked: list[str] = []
        check = file_checks.check_file
        monkeypatch.setattr(file_checks, "check_file", lambda path, **more: looked.append("x") or check(path, **more))
        ref = attachment(workbook(plant="sheet"), "名单.xlsx")
        author = User.objects.get(pk=drafter.user_id)
        runs = []
        for _ in range(2):
            made = item(world.finance, author, content(world.finance, attachments=(ref,)))
            runs.append(services.gate_run(actor=drafter, item_id=made.pk, now=NOW))
        assert len(looked) == 1
        first, second = (sorted(told(one)) for one in runs)
        assert first == second
        assert FileCheck.objects.count() == 1

    def test_other_rules_look_again(self, world: World, drafter: Actor) -> None:
        from gongkai.kernel.wordlists.services import word_add

        ref = attachment("青溪具名单".encode(), "名单.txt")
        author = User.objects.get(pk=drafter.user_id)
        made = item(world.finance, author, content(world.finance, attachments=(ref,)))
        assert "content.wording" not in told(services.gate_run(actor=drafter, item_id=made.pk, now=NOW))
        word_add(actor=Actor.system("测试"), wrong="青溪具", right="青溪县", now=NOW)
        found = told(services.gate_run(actor=drafter, item_id=made.pk, now=NOW))
        assert found["content.wording"]["replacement"] == "青溪县"
