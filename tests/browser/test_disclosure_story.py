"""The way of one document in a browser: handed in, signed by seven people, stopped, mended, out, corrected, taken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import Workbook
from tests.factories.disclosure import Bureau, answers, fresh
from tests.factories.world import World
from tests.features.disclosure.staff.desk import round_of_item, sign_by_web, url

from gongkai.features.disclosure.models import Item, Publication, PublicationEnd, Schedule
from gongkai.features.disclosure.services.due import schedules_run
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.approvals.models import Approval, ApprovalStep, Signature

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Made up: the date is one, the last digit is the right checksum.
ID_NUMBER = "360798199001010013"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def bureau(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.FILES_DIR = tmp_path / "files"
    return Bureau(World())


@pytest.fixture
def open_as(browser: Any, browser_context_args: dict[str, Any], live_server: Any) -> Callable[[Actor | None], Any]:
    """Open a page of a browser of one's own for a person, or for anybody."""
    contexts: list[Any] = []

    def opened(actor: Actor | None) -> Any:
        context = browser.new_context(**browser_context_args, base_url=live_server.url)
        context.set_default_timeout(20_000)
        contexts.append(context)
        if actor is not None:
            client = Client()
            user = User.objects.get(pk=actor.user_id)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            value = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def letter() -> dict[str, Any]:
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
    return {"name": "便民服务通知.docx", "mimeType": DOCX, "buffer": data.getvalue()}


def sheet(*, hidden: str = "") -> dict[str, Any]:
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
    return {"name": "清单.xlsx", "mimeType": XLSX, "buffer": data.getvalue()}


def hand_in(page: Any, bureau: Bureau) -> Item:
    """Upload the notice, look at what was read from it, decide the attribute on its ground, make the draft."""
    page.goto(url("intake_upload"))
    if page.locator("select[name=unit]").count():
        page.select_option("select[name=unit]", str(bureau.unit.pk))
    page.set_input_files("input[name=files]", letter())
    page.click("button:has-text('上传并读取')")
    assert "便民服务事项清单" in page.input_value("[name=title]")
    assert page.input_value("[name=doc_no]") == "青财发〔2026〕21号"
    assert page.input_value("[name=written_on]") == "2026-02-27"
    page.select_option("[name=kind]", "notice")
    page.check("input[name=attribute][value=proactive]")
    ground = page.locator("input[name=grounds_proactive][value=art19]")
    ground.wait_for(state="visible")
    ground.check()
    page.click("button:has-text('确认，建立草稿')")
    page.wait_for_url("**/disclosure/items/**")
    item = Item.objects.get()
    assert (item.attribute, item.state, item.doc_no) == ("proactive", "drafting", "青财发〔2026〕21号")
    return item


def attach(page: Any, item: Item, file: dict[str, Any]) -> None:
    """Attach a file on the page of the editor."""
    page.goto(url("item_edit", item.pk))
    page.set_input_files("#new-files", file)
    page.click("button:has-text('上传附件')")
    page.wait_for_selector(f"#attachments :text('{file['name']}')")


def replace(page: Any, item: Item, file: dict[str, Any]) -> None:
    """Put another file in the place of the attachment of that name, agreeing that the signatures are void."""
    page.goto(url("item_edit", item.pk))
    row = page.locator(".dc-file", has_text=file["name"])
    row.locator("summary").click()
    row.locator("input[type=file]").set_input_files(file)
    row.locator("form", has_text="换成另一个文件").locator("input[name=void_signatures]").check()
    row.get_by_role("button", name="更换", exact=True).click()
    page.wait_for_selector("text=已更换")
    assert fresh(item).state == "drafting"


def circulate(page: Any, item: Item) -> Approval:
    """Follow what the item's page says is next: send it round."""
    page.goto(url("item_detail", item.pk))
    assert page.locator("#next-title").inner_text() == "可以送审了"
    page.click(".dc-next a:has-text('送审')")
    page.click("#do-circulate summary")
    page.click("#do-circulate button[type=submit]")
    page.wait_for_selector("text=已送审。")
    return round_of_item(item)


def sign(page: Any, approval: Approval, step: ApprovalStep) -> None:
    """Find the item among one's tasks, answer what the step asks, agree."""
    page.goto(url("inbox"))
    page.click(f"a[href='{url('sign', approval.pk, step.code)}']")
    for name, answer in answers(step.form).items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f"input[name={name}][value='{answer}']")
        else:
            field.fill(answer)
    page.click("button:has-text('同意')")
    page.wait_for_selector("text=已签署。")


def sign_all(open_as: Callable[[Actor | None], Any], bureau: Bureau, approval: Approval) -> None:
    """Let seven people sign, each in a browser of one's own."""
    used: set[int | None] = set(approval.authors)
    for step in ApprovalStep.objects.filter(approval=approval).order_by("order", "position"):
        signer = bureau.signer(step, used)
        used.add(signer.user_id)
        sign(open_as(signer), approval, step)
    signatures = Signature.objects.filter(approval=approval)
    assert signatures.count() == len(used) - len(approval.authors) == 7
    assert set(signatures.values_list("step__kind", flat=True)) >= {"review", "proof", "confidentiality"}


def public_words(open_as: Callable[[Actor | None], Any], item: Item) -> tuple[int, str]:
    """What anybody reads at the item's address, in a browser that was never here."""
    page = open_as(None)
    response = page.goto(f"/info/{item.uid}/")
    return response.status, page.locator("main").inner_text()


def test_a_document_becomes_public_is_corrected_and_taken_down(
    open_as: Callable[[Actor | None], Any], bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, office = open_as(bureau.drafter), open_as(bureau.office)

    # A document arrives, a list is attached; nobody sees that a hidden sheet carries an ID number. Seven people sign.
    item = hand_in(clerk, bureau)
    attach(clerk, item, sheet(hidden=ID_NUMBER))
    sign_all(open_as, bureau, circulate(clerk, item))
    assert fresh(item).state == "approved"

    # The gate stops it and says where; the number itself is masked; the public sees nothing.
    office.goto(url("item_detail", item.pk))
    office.click(".dc-next a:has-text('发布')")
    office.click("button:has-text('立即发布')")
    office.wait_for_selector("text=没有办成")
    said = office.locator("main").inner_text()
    assert "底稿" in said
    assert "身份证" in said
    assert ID_NUMBER not in office.content()
    assert public_words(open_as, item)[0] == 404

    # The clerk puts a clean file in its place: every signature is void, and all are asked again.
    replace(clerk, item, sheet())
    approval = circulate(clerk, item)
    assert approval.round == 2
    sign_by_web(bureau, approval)

    # Scheduled to the second: before the moment nobody sees it, at the moment everybody does.
    at = timezone.localtime(timezone.now() + timedelta(minutes=5)).replace(microsecond=0)
    office.goto(url("release", item.pk))
    office.click("#schedule summary")
    office.fill("[name=publish_on]", at.date().isoformat())
    office.fill("[name=publish_time]", at.strftime("%H:%M:%S"))
    office.click("#schedule button[type=submit]")
    office.wait_for_selector("text=已定时：")
    schedule = Schedule.objects.get(item=item)
    assert schedule.due_at == at
    assert public_words(open_as, item)[0] == 404
    schedules_run(actor=Actor.system("定时发布"), now=schedule.due_at, ahead=timedelta(0))
    really = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: really() + timedelta(minutes=6))
    status, words = public_words(open_as, item)
    assert status == 200
    assert "现将便民服务事项清单予以公布" in words
    first = Publication.objects.get(item=item)
    assert first.published_at == at

    # Corrected by a new version: the old one stays public until the new one has been signed by all and goes out.
    clerk.goto(url("item_edit", item.pk))
    clerk.fill("[name=summary]", "办理地点更正为县政务服务中心。")
    clerk.fill("[name=note]", "更正办理地点")
    if clerk.locator("input[name=void_signatures]").count():
        clerk.locator("#editor input[name=void_signatures]").check()
    clerk.click("#editor button:has-text('保存为新版本')")
    clerk.wait_for_selector("text=已保存为第")
    approval = circulate(clerk, item)
    assert "更正" not in public_words(open_as, item)[1]
    sign_by_web(bureau, approval)
    office.goto(url("release", item.pk))
    office.click("button:has-text('立即发布')")
    office.wait_for_selector("text=已发布（第 2 次）")
    status, words = public_words(open_as, item)
    assert status == 200
    assert "更正" in words
    second = Publication.objects.get(item=item, number=2)
    assert (second.kind, PublicationEnd.objects.get(publication=first).kind) == ("correction", "superseded")

    # Taken down with a reason: the address stays and says so, the record stays whole.
    office.click("a:has-text('撤下')")
    office.check("input[name=kind][value=withdrawn]")
    office.fill("[name=reason]", "清单已并入全县目录。")
    office.click("main button:has-text('撤下')")
    office.wait_for_selector("text=已撤下，原地址改为说明页。")
    history = office.locator("section[aria-labelledby=history]").inner_text()
    assert "首次发布" in history
    assert "更正发布" in history
    status, words = public_words(open_as, item)
    assert status == 410
    assert "已经撤下" in words
    assert "各乡镇人民政府" not in words
    assert Publication.objects.filter(item=item).count() == 2
