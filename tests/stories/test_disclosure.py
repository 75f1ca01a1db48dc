"""From a document handed in to a publication that is corrected and taken down, through the pages that people use."""

from __future__ import annotations

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
from openpyxl import Workbook
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import World
from tests.features.disclosure.staff.desk import browser, page_of, round_of_item, sign_by_web, url, words_of

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import GateRun, Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.services.due import schedules_run
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Signature

# Made up: the date is one, the last digit is the right checksum.
ID_NUMBER = "360798199001010013"


@pytest.fixture
def bureau(db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.FILES_DIR = tmp_path / "files"
    return Bureau(World())


def letter() -> SimpleUploadedFile:
    """A notice as a clerk writes it."""
    document = Document()
    for line in (
        "青溪县财政局关于公布便民服务事项清单的通知",
        "青财发〔2026〕21号",
        "各乡镇人民政府，县直各单位：",
        "为方便群众办事，现将便民服务事项清单予以公布，请各单位遵照执行。",
        "青溪县财政局",
        "2026年2月27日",
    ):
        document.add_paragraph(line)
    data = BytesIO()
    document.save(data)
    return SimpleUploadedFile("便民服务通知.docx", data.getvalue())


def sheet(*, hidden: str = "") -> SimpleUploadedFile:
    """A list of services; with ``hidden`` a hidden sheet says that."""
    book = Workbook()
    book.active.append(["事项", "地点"])
    book.active.append(["参保登记", "政务服务中心"])
    if hidden:
        extra = book.create_sheet("底稿")
        extra.append(["身份证号", hidden])
        extra.sheet_state = "hidden"
    data = BytesIO()
    book.save(data)
    return SimpleUploadedFile("清单.xlsx", data.getvalue())


def public(item: Item) -> Any:
    """What anybody is answered at the item's address."""
    return Client().get(reverse("disclosure:public:item_detail", args=[item.uid]))


def circulate(bureau: Bureau, item: Item) -> None:
    """Send the item round, and let seven people sign it, each through the page."""
    response = browser(bureau.drafter).post(url("item_do", item.pk, "circulate"), {})
    assert response.status_code == 302, words_of(response)
    approval = round_of_item(item)
    signers = sign_by_web(bureau, approval)
    assert len({signer.user_id for signer in signers} | {bureau.drafter.user_id}) == len(signers) + 1
    kinds = set(Signature.objects.filter(approval=approval).values_list("step__kind", flat=True))
    assert kinds >= {"review", "proof", "confidentiality"}
    assert fresh(item).state == "approved"


def test_a_document_becomes_public_is_corrected_and_taken_down(bureau: Bureau) -> None:
    clerk, office = browser(bureau.drafter), browser(bureau.office)

    # A document arrives; its fields are proposed, a person confirms them and decides the attribute with its ground.
    response = clerk.post(url("intake_upload"), {"unit": bureau.unit.pk, "files": letter()})
    assert response.status_code == 302, words_of(response)
    screen = clerk.get(response["Location"])
    proposed = screen.context["form"].initial
    assert "便民服务事项清单" in proposed["title"]
    data = {name: value for name, value in proposed.items() if value not in (None, "", True)}
    data |= {"kind": "notice", "attribute": "proactive", "grounds_proactive": ["art19"], "written_on": "2026-02-27"}
    response = clerk.post(response["Location"], data)
    assert response.status_code == 302, words_of(response)
    item = Item.objects.get()
    assert (item.attribute, item.state, item.doc_no) == ("proactive", "drafting", "青财发〔2026〕21号")

    # A list is attached; nobody sees that a hidden sheet carries an ID number. Seven people sign.
    assert clerk.post(url("attachment_add", item.pk), {"file": sheet(hidden=ID_NUMBER)}).status_code == 302
    circulate(bureau, item)

    # The gate stops it, in words, and the number itself is masked.
    refused = office.post(url("publish", item.pk))
    assert refused.status_code == 422
    page = page_of(office.get(url("release", item.pk)))
    stopping = [issue for issue in GateRun.objects.latest("pk").issues if issue["stops"]]
    assert any(issue["field"].startswith("attachment:") for issue in stopping)
    assert "底稿" in page
    assert ID_NUMBER not in page
    assert public(item).status_code == 404

    # The clerk replaces the file: every signature is void, and all of them are asked again.
    content = ItemContent.from_data(fresh(item).head.content)  # type: ignore[union-attr]
    ref = next(one for one in content.attachments if one.name == "清单.xlsx")
    clerk.post(url("attachment_replace", item.pk, ref.file_id), {"file": sheet(), "void_signatures": "on"})
    assert fresh(item).state == "drafting"
    assert office.post(url("publish", item.pk)).status_code == 422
    circulate(bureau, item)

    # Scheduled to the second; before the moment nobody sees it, at the moment everybody does.
    at = timezone.localtime(timezone.now() + timedelta(hours=2))
    moment = {"publish_on": at.date().isoformat(), "publish_time": at.strftime("%H:%M:%S")}
    assert office.post(url("schedule", item.pk), moment).status_code == 302
    schedule = Schedule.objects.get(item=item)
    assert public(item).status_code == 404
    office.post(url("schedule_cancel", item.pk, schedule.pk))
    assert office.post(url("publish", item.pk)).status_code == 302
    assert "便民服务事项清单" in page_of(public(item))
    first = Publication.objects.get(item=item)
    assert first.digest == round_of_item(item).digest

    # Corrected by a new version: the old one stays public until the new one has been signed by all and goes out.
    bureau.edit(item, summary="更正办理地点。")
    assert public(item).status_code == 200
    circulate(bureau, item)
    assert office.post(url("publish", item.pk)).status_code == 302
    second = Publication.objects.get(item=item, number=2)
    assert (second.kind, PublicationEnd.objects.get(publication=first).kind) == ("correction", "superseded")
    assert "更正" in page_of(public(item))

    # Taken down with a reason; the address stays and says so, the record stays whole.
    data = {"kind": "withdrawn", "reason": "清单已并入全县目录。", "redirect_to": ""}
    assert office.post(url("withdraw", item.pk), data).status_code == 302
    gone = public(item)
    assert gone.status_code in (200, 410)
    assert "各乡镇人民政府" not in page_of(gone)
    assert PublicationEnd.objects.get(publication=second).reason == "清单已并入全县目录。"
    assert Publication.objects.filter(item=item).count() == 2
    history = page_of(office.get(url("release", item.pk)))
    assert "首次发布" in history
    assert "更正发布" in history


def test_what_is_scheduled_goes_out_at_its_moment(bureau: Bureau) -> None:
    item, office = bureau.approved(title="青溪县财政局关于预算编制的通知"), browser(bureau.office)
    at = timezone.localtime(timezone.now() + timedelta(minutes=5))
    office.post(
        url("schedule", item.pk), {"publish_on": at.date().isoformat(), "publish_time": at.strftime("%H:%M:%S")}
    )
    schedule = Schedule.objects.get(item=item)
    system = Actor.system("定时发布")
    schedules_run(actor=system, now=schedule.due_at - timedelta(seconds=30), ahead=timedelta(0))
    assert not Publication.objects.exists()
    schedules_run(actor=system, now=schedule.due_at, ahead=timedelta(0))
    assert Publication.objects.get(item=item).published_at == schedule.due_at
