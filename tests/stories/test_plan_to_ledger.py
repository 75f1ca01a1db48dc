"""From an issued document to a closed item, through the pages that people use."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests.factories.world import World

from gongkai.features.workplans.models import PlanImport, SupervisionNotice, WorkItem
from gongkai.kernel.accounts.roles import Role

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DOCUMENTS = sorted(EXAMPLES.glob("*.docx"))


def url(name: str, *args: Any) -> str:
    return reverse(f"workplans:staff:{name}", args=args)


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def world(db: None, settings: LazySettings, tmp_path: Path) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return World()


@pytest.fixture
def browser_of(world: World) -> Callable[[Role, Any], Client]:
    def sign_in(role: Role, unit: Any) -> Client:
        client = Client()
        client.force_login(world.person(role, unit), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def upload(browser: Client, owner_id: int, path: Path) -> PlanImport:
    """Send the document; it must be understood."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    response = browser.post(url("plan_upload"), {"owner": owner_id, "file": file})
    row = PlanImport.objects.latest("pk")
    assert response["Location"] == url("import_preview", row.pk)
    return row


def settle_units(browser: Client, row: PlanImport, meant: dict[str, str]) -> None:
    """Say what every phrase without a unit means: a unit of the world where one is meant, else text for later."""
    page = text_of(browser.get(url("import_preview", row.pk)))
    data: dict[str, Any] = {"revision": row.revision, "do": "save"}
    for number, phrase in re.findall(r'name="p(\d+)" value="([^"]*)"', page):
        data[f"p{number}"] = phrase
        if phrase in meant:
            data |= {f"p{number}-decision": "other", f"p{number}-unit": meant[phrase]}
        elif re.search(rf'wp-phrase--open" id="phrase-{number}"', page):
            data[f"p{number}-decision"] = "text"
    assert browser.post(url("import_save", row.pk), data).status_code == 302
    row.refresh_from_db()


@pytest.mark.skipif(not DOCUMENTS, reason="examples/ has no plan document")
def test_a_plan_becomes_a_ledger_that_people_work_with(world: World, browser_of: Callable[[Role, Any], Client]) -> None:
    office = browser_of(Role.DISCLOSURE_OFFICE, world.office)
    lead = browser_of(Role.UNIT_LEADER, world.finance)
    education = browser_of(Role.DRAFTER, world.education)
    supervisor = browser_of(Role.SUPERVISOR, world.office)

    # The document: uploaded, its units explained, confirmed.
    row = upload(office, world.office.pk, DOCUMENTS[0])
    first = next(t for t in row.tasks if t["lead_units"] and t["responsible_units"] and not t["parent_key"])
    meant = {first["lead_units"][0]: world.finance.display_name}
    settle_units(office, row, meant)
    data = {"revision": row.revision, "do": "save", **_card(first, responsible=world.education.name)}
    assert office.post(url("import_save", row.pk), data).status_code == 302
    row.refresh_from_db()
    response = office.post(url("import_save", row.pk), {"revision": row.revision, "do": "confirm"})
    row.refresh_from_db()
    assert response["Location"] == url("plan_detail", row.plan_id)
    plan = row.plan
    item = plan.items.get(title=first["title"], parent=None)

    # The public sees nothing yet, the units see their own.
    assert Client().get(reverse("workplans:public:plan_detail", args=[plan.pk])).status_code == 404
    assert item.title in text_of(education.get(url("item_list")))

    # One part for the unit that does it.
    unit = world.education.pk
    preview = text_of(office.post(url("item_split", item.pk), {"step": "preview", "unit": [unit]}))
    assert "将建立的任务" in preview
    office.post(url("item_split", item.pk), {"step": "confirm", "unit": [unit], f"title-{unit}": "教体局的一份"})
    part = WorkItem.objects.get(parent=item)

    # Reported, submitted, returned with a reason, submitted again, accepted by another person, closed.
    def do(browser: Client, verb: str, status: int = 302, **words: str) -> None:
        fields = {f"{verb}-{name}": value for name, value in words.items()}
        assert browser.post(url("item_do", part.pk, verb), fields).status_code == status

    do(education, "start")
    do(education, "report", text="已梳理目录", percent="50")
    do(education, "submit", text="已全部公开")
    do(education, "accept", status=403)
    do(lead, "return", reason="缺少两个季度的数据")
    assert "缺少两个季度的数据" in text_of(education.get(url("item_detail", part.pk)))
    file = SimpleUploadedFile("公开截图说明.txt", "已公开四个季度".encode())
    evidence = {"kind": "file", "title": "公开截图说明", "upload": file, "counted": "on"}
    education.post(url("evidence_add", part.pk), {**evidence, "occurred_on": timezone.localdate().isoformat()})
    do(education, "submit", text="已补齐")
    assert part.title in text_of(lead.get(url("my_work")))
    do(lead, "accept", text="属实")
    do(office, "close", reason="年度任务完成")
    part.refresh_from_db()
    assert part.state == "closed"

    # Another item runs late: it shows red, a notice goes out, the unit answers.
    late = next(one for one in plan.items.exclude(pk=item.pk) if one.parent_id is None)
    office.post(url("item_assign", late.pk), {"lead": [world.finance.pk], "responsible": [unit]})
    _let_it_be_late(office, late)
    assert late.title in text_of(education.get(url("item_list"), {"lights": "overdue"}))
    words = {"color": "red", "reason": "逾期未办结", "requirement": "请在五日内办结", "unit_id": str(unit)}
    words["answer_due_on"] = (timezone.localdate() + timedelta(days=5)).isoformat()
    supervisor.post(url("notice_issue", late.pk), {f"notice-{name}": value for name, value in words.items()})
    notice = SupervisionNotice.objects.get()
    letter = Document(BytesIO(b"".join(education.get(reverse("files:staff:download", args=[notice.file_id])))))
    said = [p.text for p in letter.paragraphs]
    said += [cell.text for table in letter.tables for one in table.rows for cell in one.cells]
    assert any(notice.number_text in line for line in said)
    education.post(url("notice_detail", notice.pk), {"text": "已排期，三日内完成"})
    assert "已排期，三日内完成" in text_of(supervisor.get(url("notice_detail", notice.pk)))

    # The ledger as a spreadsheet, and the plan before the public.
    sheet = load_workbook(BytesIO(office.get(url("items_export"), {"plan_id": plan.pk}).content)).active
    exported = {line[5].value: line[13].value for line in sheet.iter_rows(min_row=2)}
    assert exported["教体局的一份"] == "已销号"
    office.post(url("plan_publish", plan.pk), {"visibility": "progress"})
    page = text_of(Client().get(reverse("workplans:public:plan_detail", args=[plan.pk])))
    assert item.title in page
    assert "已梳理目录" not in page
    data = Client().get(reverse("workplans:public:plan_data", args=[plan.pk])).content.decode("utf-8-sig")
    assert item.title in data


def _card(task: dict[str, Any], *, responsible: str) -> dict[str, str]:
    """The fields of a card with other responsible units."""
    fields = {
        "no": task["no"],
        "title": task["title"],
        "due_on": task["due_on"],
        "lead_units": "、".join(task["lead_units"]),
        "responsible_units": responsible,
        "cooperating_units": "",
        **({"standing": "on"} if task["standing"] else {}),
    }
    return {f"{task['key']}-{name}": value for name, value in fields.items()}


def _let_it_be_late(office: Client, item: WorkItem) -> None:
    """Bring the date forward to a day that has passed; the reason stays on record."""
    day = timezone.localdate() - timedelta(days=3)
    fields = {"change_due-due_on": day.isoformat(), "change_due-reason": "以文件规定为准"}
    assert office.post(url("item_do", item.pk, "change_due"), fields).status_code == 302
    item.refresh_from_db()
    assert item.due_on == day
