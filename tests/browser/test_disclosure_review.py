"""Review, signing and release in a real browser: accessible, never wider than the window, and forms that keep their words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World
from tests.features.disclosure.staff.desk import url

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services import gate
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.approvals.services import link_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAKY = "<p>联系人身份证号360798199001010013，手机13812345678。</p>"
WIDTHS = (1440, 375)
ROUTE = "/admin/approvals/routes/three_review_three_proof/"


@pytest.fixture
def bureau(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.FILES_DIR = tmp_path / "files"
    return Bureau(World())


@pytest.fixture
def become(become: Callable[[Actor], Any], page: Any) -> Callable[[Actor], Any]:
    """Let the page be another person's; nothing here takes longer than twenty seconds."""
    page.set_default_timeout(20_000)
    return become


@pytest.fixture
def look(page: Any, live_server: Any, axe: Callable[..., None]) -> Callable[..., None]:
    """Open pages at two widths: none scrolls sideways, none has an accessibility violation."""

    def at(*paths: str) -> None:
        for path in paths:
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            response = page.goto(f"{live_server.url}{path}")
            assert response.status == 200, path
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert sideways(page) == 0, (path, width)
            axe(page)

    return at


def leaky(bureau: Bureau) -> Item:
    """An item with personal data in it, looked at by the gate."""
    item = bureau.edit(
        bureau.decide(bureau.draft(title="关于困难补助的公示")),
        body=({"id": "a", "type": "paragraph", "value": LEAKY},),
    )
    gate.gate_run(actor=bureau.office, item_id=item.pk, now=datetime.now(UTC))
    return item


def confidential(bureau: Bureau) -> tuple[Approval, Actor]:
    """A round that waits for its review of confidentiality, and who may do it."""
    item = bureau.decide(bureau.draft(title="关于防汛值班的通知"))
    approval = bureau.circulate(item)
    bureau.sign(approval, steps=4)
    return approval, bureau.people[Role.CONFIDENTIALITY_REVIEWER]


class TestScreens:
    def test_of_review_and_signing(
        self, bureau: Bureau, become: Callable[[Actor], Any], look: Callable[..., None]
    ) -> None:
        approval, reviewer = confidential(bureau)
        fresh = bureau.circulate(bureau.decide(bureau.draft()))
        become(reviewer)
        look(url("inbox"), url("sign", approval.pk, "confidentiality_review"), "/admin/approvals/delegations/")
        become(bureau.people[Role.FIRST_REVIEWER])
        look(url("sign", fresh.pk, "first_review"), url("sign", approval.pk, "first_review"))

    def test_of_release(self, bureau: Bureau, become: Callable[[Actor], Any], look: Callable[..., None]) -> None:
        item, public = leaky(bureau), bureau.published()
        become(bureau.office)
        look(
            url("release_desk"),
            url("release", item.pk),
            url("release", public.pk),
            url("withdraw", public.pk),
            url("revision_compare", item.pk),
            url("item_attribute", item.pk),
            url("override_list"),
            url("bundle_list"),
            url("timeliness"),
            url("column_list"),
        )

    def test_of_routes_and_of_a_link(
        self, bureau: Bureau, become: Callable[[Actor], Any], look: Callable[..., None], page: Any
    ) -> None:
        approval = bureau.circulate(
            bureau.decide(bureau.draft(kind="normative_document", doc_no="青财规〔2026〕1号", title="青溪县补助办法"))
        )
        bureau.sign(approval, steps=4)
        _, token = link_issue(
            actor=bureau.office,
            approval_id=approval.pk,
            step="legality_review",
            name="赵律师",
            contact="13800138000",
            now=datetime.now(UTC),
        )
        become(bureau.people[Role.SYSTEM_ADMINISTRATOR])
        look("/admin/approvals/routes/", ROUTE, f"{ROUTE}edit/")
        page.context.clear_cookies()
        look(f"/sign/{token}/")


class TestSignPage:
    def test_asks_for_a_note_only_with_an_answer_that_needs_one_and_keeps_what_was_typed(
        self, bureau: Bureau, become: Callable[[Actor], Any], live_server: Any
    ) -> None:
        approval, reviewer = confidential(bureau)
        page = become(reviewer)
        page.goto(f"{live_server.url}{url('sign', approval.pk, 'confidentiality_review')}")
        note = page.locator("input[name=trade_secret_note]")
        assert not note.is_visible()
        page.locator("input[name=trade_secret][data-rl-noted]").first.check()
        note.wait_for(state="visible")
        page.fill("[name=remark]", "请补充权利人的意见。")
        page.click("button:has-text('同意')")
        summary = page.locator(".gk-error-summary")
        summary.wait_for()  # one summary with everything, and no second one
        assert summary.locator("li").count() > 3
        assert page.input_value("[name=remark]") == "请补充权利人的意见。"
        assert page.locator("input[name=trade_secret][data-rl-noted]").first.is_checked()
        page.click("button:has-text('退回修改')")
        page.wait_for_selector("text=退回修改，已签署。")


class TestReleasePage:
    def test_fits_the_wide_preview_into_its_frame(
        self, bureau: Bureau, become: Callable[[Actor], Any], live_server: Any
    ) -> None:
        item = bureau.approved()
        page = become(bureau.office)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{url('release', item.pk)}")
        frame = page.locator("[data-rl-frame]")
        frame.scroll_into_view_if_needed()
        page.wait_for_selector(".rl-frame--small")
        assert frame.evaluate("one => one.scrollWidth - one.clientWidth") == 0
        assert frame.locator("iframe").get_attribute("width") == "1440"
