"""Redaction drawn in a real browser: by mouse and by keyboard, boxes and numbers in step, the result without what was drawn over."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from tests.factories.foi import Desk
from tests.factories.world import World
from tests.kernel.redaction.pdf_files import pdf, text_of

from gongkai.features.foi import services
from gongkai.features.foi.models import CasePaper
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.files.selectors import file_path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECRET, OPEN = "诸葛青岚", "三千二百元"


@pytest.fixture
def desk(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Desk:
    settings.FILES_DIR = tmp_path / "files"
    return Desk(World(), timezone.localdate())


@pytest.fixture
def paper(desk: Desk) -> CasePaper:
    upload = io.BytesIO(pdf([[f"补偿对象{SECRET}。", "", "", f"标准每平方米{OPEN}。"]]))
    upload.name = "补偿明细.pdf"
    application = desk.taken().application
    return services.paper_add(
        actor=desk.clerk, application_id=application.pk, kind="record", upload=upload, now=timezone.now()
    )


@pytest.fixture
def clerk(page: Any, live_server: Any, desk: Desk) -> Any:
    """A page of somebody of the office."""
    client = Client()
    user = desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return page


class TestDrawing:
    def test_by_mouse_then_by_keys_the_numbers_follow_and_what_lies_under_the_box_is_gone(
        self, clerk: Any, paper: CasePaper, live_server: Any, axe: Callable[..., None]
    ) -> None:
        page = clerk
        page.goto(f"{live_server.url}/admin/foi/papers/{paper.pk}/redact/")
        page.locator("#find-term").fill(SECRET)
        page.get_by_role("button", name="查找", exact=True).click()
        found = page.locator(".foi-found")
        found.first.wait_for()
        frame = found.first.bounding_box()
        page.mouse.move(frame["x"] - 4, frame["y"] - 4)
        page.mouse.down()
        page.mouse.move(frame["x"] + frame["width"] + 4, frame["y"] + frame["height"] + 4, steps=4)
        page.mouse.up()
        box = page.locator("button.foi-box")
        assert box.count() == 1 and page.locator("#id_region-0-page").input_value() == "1"
        before = float(page.locator("#id_region-0-right").input_value())
        box.focus()
        page.keyboard.press("Shift+ArrowRight")
        assert float(page.locator("#id_region-0-right").input_value()) == pytest.approx(before + 0.5, abs=0.11)
        page.get_by_role("button", name="加一个区域").click()
        assert box.count() == 2
        page.keyboard.press("Delete")
        assert box.count() == 1 and page.locator("#id_region-1-page").input_value() == ""
        axe(page)
        page.locator("#id_region-0-ground").select_option("art15_privacy")
        page.locator("#id_region-0-reason").fill("第三方个人信息")
        page.get_by_role("button", name="生成副本并核对").click()
        page.wait_for_url("**/redact/list/")
        copy = CasePaper.objects.get(kind="redacted")
        assert copy.file is not None
        words = text_of(file_path(file=copy.file).read_bytes())
        assert SECRET not in words and OPEN in words
