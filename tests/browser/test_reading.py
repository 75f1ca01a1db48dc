"""Reading aloud on public pages, with a voice of straw that notes what it was told; and what hinders readers in the editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.browser.looks import sideways
from tests.factories.disclosure import Bureau
from tests.factories.world import World

from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VOICE = """
window.told = []; window.running = null; window.cancelled = 0;
const voices = %s;
const straw = {
  getVoices: () => voices, addEventListener() {}, cancel() { window.cancelled += 1; window.running = null; },
  speak(one) { window.told.push({ text: one.text, lang: one.lang, rate: one.rate, voice: one.voice.name }); window.running = one; },
};
Object.defineProperty(window, "speechSynthesis", { value: straw });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.finished = () => { const one = window.running; window.running = null; one.onend({}); };
"""
VOICES = """[
  { name: "en", lang: "en-US", localService: true, default: true },
  { name: "tw", lang: "zh-TW", localService: true }, { name: "far", lang: "zh-CN", localService: false },
  { name: "near", lang: "zh_CN", localService: true },
]"""
LINES = [
    "各单位：",
    "第二条　根据《办法》（青府发〔2024〕15号）办理，办理时间为8:30—12:00，联系人张　三，电话0797-8391234。请在2026-05-01前报送，补贴25000元/户，<b>热线12345</b>。",
    "网址：https://www.gov.cn/a。温度20℃，面积3—5㎡。",
]
TABLE = {"caption": "标准", "head": ["类别", "金额"], "rows": [["一类", "100元"], ["二类", ""]]}
WIDE = {"caption": "大表", "head": [], "rows": [[str(n)] for n in range(30)]}


@pytest.fixture
def bureau(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Bureau:
    settings.FILES_DIR = tmp_path / "files"
    return Bureau(World())


@pytest.fixture
def item(bureau: Bureau) -> Item:
    body: list[dict[str, Any]] = [
        {"id": f"p{n}", "type": "paragraph", "value": f"<p>{line}</p>"} for n, line in enumerate(LINES)
    ]
    body += [
        {"id": "l", "type": "list", "value": "<ul><li>身份证</li><li>户口簿<ul><li>复印件</li></ul></li></ul>"},
        {"id": "t", "type": "table", "value": TABLE},
        {"id": "w", "type": "table", "value": WIDE},
    ]
    return bureau.published(title="关于发放补贴的通知", doc_no="青财字〔2026〕31号", body=tuple(body))


@pytest.fixture
def reader(page: Any, live_server: Any, item: Item) -> Callable[..., Any]:
    """Opens the item in a browser with these voices."""

    def opened(voices: str = VOICES, *, large: bool = False) -> Any:
        page.add_init_script(VOICE % voices)
        if large:
            page.context.add_cookies([{"name": "gk_size", "value": "large", "url": live_server.url}])
        page.goto(f"{live_server.url}/info/{item.uid}/")
        return page

    return opened


def told(page: Any) -> list[str]:
    return [one["text"] for one in page.evaluate("window.told")]


class TestReadAloud:
    def test_reads_title_number_and_body_as_a_person_would(self, reader: Callable[..., Any]) -> None:
        page = reader()
        page.get_by_role("button", name="朗读正文").click()
        while page.evaluate("window.running !== null"):
            page.evaluate("window.finished()")
        first = page.evaluate("window.told[0]")
        assert (first["lang"], first["voice"], first["rate"]) == ("zh-CN", "near", 1)
        assert told(page) == [
            "关于发放补贴的通知",
            "青财字，2026年第31号",
            "各单位：",
            "第二条，根据《办法》（青府发，2024年第15号）办理，办理时间为8点30分至12点，联系人张三，电话 0 7 9 7 8 3 9 1 2 3 4 。",
            "请在2026年5月1日前报送，补贴25000元每户，热线 1 2 3 4 5 。",
            "网址：，网址见屏幕，。",
            "温度20摄氏度，面积3至5平方米。",
            "身份证",
            "户口簿",
            "复印件",
            "表格，标准，共2行2列。",
            "第1行，类别：一类；金额：100元。",
            "第2行，类别：二类。",
            "表格结束。",
            "表格，大表，共30行1列，内容较多，请看屏幕。",
        ]
        assert page.get_by_role("button", name="朗读正文").is_visible()
        assert page.locator("[data-gk-aloud-status]").text_content() == "朗读完毕"

    def test_pauses_goes_on_and_stops_by_keyboard_and_shows_where_it_is(self, reader: Callable[..., Any]) -> None:
        page = reader()
        page.get_by_role("button", name="朗读正文").focus()
        page.keyboard.press("Enter")
        page.evaluate("window.finished()")
        assert page.locator("[data-gk-aloud-where]").text_content() == "第 2 句，共 15 句"
        assert page.evaluate("[...CSS.highlights.get('gk-aloud')][0].toString()") == "青财字〔2026〕31号"
        page.keyboard.press("Enter")  # the focus went to 暂停
        assert page.evaluate("document.activeElement.textContent") == "继续"
        assert page.locator("[data-gk-aloud-status]").text_content() == "已暂停"
        page.keyboard.press("Enter")
        page.select_option("[data-gk-aloud-speed]", "1.3")
        number = "青财字，2026年第31号"
        assert told(page) == ["关于发放补贴的通知", number, number, number]
        assert page.evaluate("window.told[3].rate") == 1.3
        page.keyboard.press("Escape")
        assert page.evaluate("window.running") is None
        assert page.evaluate("CSS.highlights.has('gk-aloud')") is False

    @pytest.mark.parametrize("voices", ["[]", '[{ name: "en", lang: "en-US" }]'])
    def test_without_a_chinese_voice_shows_no_button(self, reader: Callable[..., Any], voices: str) -> None:
        assert reader(voices).locator("[data-gk-aloud]").is_hidden()

    def test_in_large_type_the_bar_is_big_and_stays_in_sight(
        self, reader: Callable[..., Any], axe: Callable[..., None]
    ) -> None:
        page = reader(large=True)
        page.set_viewport_size({"width": 375, "height": 700})
        bar = page.locator("[data-gk-aloud]")
        assert page.get_by_role("button", name="朗读正文").bounding_box()["height"] >= 55
        page.evaluate("window.scrollTo(0, document.querySelector('.dc-item__body table').getBoundingClientRect().top)")
        assert bar.bounding_box()["y"] == pytest.approx(0, abs=1)
        assert sideways(page) == 0
        page.get_by_role("button", name="朗读正文").click()
        axe(page)


class TestHindrancesInTheEditor:
    def test_are_told_led_to_and_gone_when_mended(
        self, page: Any, live_server: Any, bureau: Bureau, axe: Callable[..., None]
    ) -> None:
        blocks = (
            {"id": "a", "type": "paragraph", "value": "<p>第一段。</p>"},
            {"id": "t", "type": "table", "value": {"caption": "", "head": ["甲", "甲"], "rows": [["1", "2"]]}},
            {"id": "b", "type": "paragraph", "value": "<p>请看标红的条目。</p>"},
        )
        item = bureau.draft(body=blocks)
        client = Client()
        user = User.objects.get(pk=bureau.drafter.user_id)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}/admin/disclosure/items/{item.pk}/edit/")
        panel = page.locator("[data-dc-reading]")
        panel.get_by_text("文中说到颜色").wait_for()
        assert panel.locator("li").count() == 2
        axe(page)
        panel.get_by_role("button", name="文中说到颜色").click()
        assert page.evaluate("document.activeElement.textContent") == "请看标红的条目。"
        assert page.evaluate("[...CSS.highlights.get('dc-found')][0].toString()") == "标红"
        panel.get_by_role("button", name="列名相同").click()
        assert page.evaluate("document.activeElement.matches('[data-dc-cells]')")
        page.locator("[data-dc-cells]").fill("甲\t乙\n1\t2")
        panel.get_by_text("列名相同").wait_for(state="detached")
        assert panel.locator("li").count() == 1
        assert page.locator("[data-dc-reading-status]").text_content() == "读得懂、看得见：看得见 1 处，读得懂 0 处"
