from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
import segno
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from gongkai.design.charts import BarChart, Row, Series, ShareChart
from gongkai.design.qr import qr_square
from gongkai.domain.issues import Basis, Issue, Severity, Where


class Light(StrEnum):
    OVERDUE = "overdue"


class SampleForm(forms.Form):
    name = forms.CharField(label="名称", help_text="照抄原文")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="性质", choices=[("a", "一次"), ("b", "长期")], widget=forms.RadioSelect)
    unit = forms.ChoiceField(label="单位", choices=[("1", "市教育局")])
    public = forms.BooleanField(label="公开进度", required=False)


def draw(source: str, address: str = "/list?state=open&page=2", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template(source).render(Context({"request": request, **context})).strip()


class TestIcon:
    def test_is_hidden_from_readers_without_a_label(self) -> None:
        html = draw('{% gk_icon "gk-plan" %}')
        assert 'aria-hidden="true"' in html
        assert "icons.svg#gk-plan" in html

    def test_speaks_its_label(self) -> None:
        assert 'role="img" aria-label="工作要点"' in draw('{% gk_icon "gk-plan" "工作要点" %}')


class TestLight:
    @pytest.mark.parametrize(
        ("light", "shape", "words"),
        [
            ("red", "gk-light-red", "逾期"),
            (Light.OVERDUE, "gk-light-red", "逾期"),
            ("done", "gk-light-blue", "已办结"),
            (None, "gk-light-grey", "未起算"),
            ("no such light", "gk-light-grey", "未起算"),
        ],
    )
    def test_has_a_shape_and_words(self, light: object, shape: str, words: str) -> None:
        html = draw("{% gk_light light %}", light=light)
        assert f"#{shape}" in html
        assert words in html

    def test_takes_words_of_the_caller(self) -> None:
        assert "逾期 3 天" in draw('{% gk_light "red" "逾期 3 天" %}')


class TestPagination:
    def test_keeps_the_rest_of_the_address(self) -> None:
        html = draw("{% gk_pagination page %}", page=Paginator(range(100), 10).page(2))
        assert 'href="?state=open&amp;page=3"' in html
        assert 'rel="prev" href="?state=open&amp;page=1"' in html
        assert 'aria-current="page"' in html
        assert "共 100 条，第 11–20 条" in html

    def test_offers_no_links_for_a_single_page(self) -> None:
        html = draw("{% gk_pagination page %}", page=Paginator(range(3), 10).page(1))
        assert "共 3 条" in html
        assert "<a" not in html


class TestQuerystring:
    def test_changes_one_parameter(self) -> None:
        assert draw('{% gk_querystring state="closed" %}') == "?state=closed&amp;page=2"

    def test_removes_what_is_empty(self) -> None:
        assert draw("{% gk_querystring page=None state='' %}") == "?"

    def test_writes_several_values(self) -> None:
        assert draw("{% gk_querystring light=lights page=None %}", lights=["red", "yellow"]) == (
            "?state=open&amp;light=red&amp;light=yellow"
        )


class TestDate:
    def test_writes_a_day_in_chinese(self) -> None:
        assert draw("{% gk_date day %}", day=date(2024, 7, 9)) == (
            '<time class="gk-date" datetime="2024-07-09">2024年7月9日</time>'
        )

    def test_turns_a_moment_into_local_time(self) -> None:
        moment = datetime(2024, 7, 8, 23, 5, tzinfo=ZoneInfo("UTC"))
        html = draw("{% gk_date moment time=True %}", moment=moment)
        assert "2024年7月9日 07:05" in html
        assert 'datetime="2024-07-09T07:05+08:00"' in html

    def test_says_when_there_is_none(self) -> None:
        assert "—" in draw("{% gk_date None %}")
        assert "未定" in draw('{% gk_date None empty="未定" %}')


class TestIssues:
    def test_counts_errors_and_names_place_field_and_unverified_basis(self) -> None:
        issues = [
            Issue("x.error", field="name", where=Where(4, 4), basis=(Basis("r", "第十条", status="unverified"),)),
            Issue("x.warning", severity=Severity.WARNING),
        ]
        html = draw("{% gk_issues issues %}", issues=issues)
        assert "有 1 个问题需要先处理" in html
        assert 'href="#id_name"' in html
        assert "第 4 行" in html
        assert "依据：第十条" in html
        assert "待核" in html

    def test_is_yellow_when_nothing_stops(self) -> None:
        html = draw("{% gk_issues issues %}", issues=[Issue("x.warning", severity=Severity.WARNING)])
        assert "gk-error-summary--yellow" in html
        assert "有 1 处请留意" in html

    def test_draws_nothing_without_issues(self) -> None:
        assert draw("{% gk_issues issues %}", issues=[]) == ""

    def test_escapes_what_people_wrote(self) -> None:
        assert "<script>" not in draw("{% gk_issues issues %}", issues=["<script>"])


class TestForm:
    def test_ties_label_hint_and_error_to_the_field(self) -> None:
        form = SampleForm({"name": "", "kind": "a", "unit": "1"})
        html = draw("{% gk_form form %}", form=form)
        assert 'href="#id_name"' in html
        assert 'for="id_name"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert "（选填）" in html

    def test_groups_choices_under_a_legend(self) -> None:
        html = draw("{% gk_form form %}", form=SampleForm())
        assert html.count("<fieldset") == 1
        assert "性质" in html[html.index("<legend") : html.index("</legend")]
        assert "gk-error-summary" not in html


class TestProgress:
    def test_shows_numbers_beside_the_bar(self) -> None:
        html = draw("{% gk_progress 1 3 %}")
        assert 'max="3" value="1"' in html
        assert "33%" in html

    def test_survives_a_whole_of_nothing(self) -> None:
        assert "0%" in draw("{% gk_progress 0 0 %}")


class TestStat:
    def test_is_a_link_when_it_leads_somewhere(self) -> None:
        assert '<a class="gk-stat__link" href="/x">逾期</a>' in draw('{% gk_stat 3 "逾期" "red" "/x" %}')
        assert "<a" not in draw('{% gk_stat 3 "逾期" %}')


class TestBarChart:
    def test_puts_the_numbers_beside_the_bars(self) -> None:
        chart = BarChart("各单位", (Series("逾期", "red"), Series("正常", "green")), (Row("市教育局", (1, 3), "/u/1"),))
        html = draw("{% gk_bar_chart chart %}", chart=chart)
        assert "<figure" in html
        assert '<a href="/u/1">市教育局</a>' in html
        assert 'x="25.000" width="75.000"' in html
        assert "style=" not in html

    def test_says_a_share_in_words(self) -> None:
        chart = ShareChart("全市任务", ((Series("正常", "green"), 3), (Series("逾期", "red"), 1)))
        html = draw("{% gk_bar_chart chart %}", chart=chart)
        assert 'role="img" aria-label="全市任务：正常3项，逾期1项"' in html
        assert "75.0%" in html


class TestBreadcrumbs:
    def test_takes_pairs_and_mappings(self) -> None:
        html = draw("{% gk_breadcrumbs items %}", items=[("首页", "/"), {"label": "工作要点", "url": None}])
        assert '<a href="/">首页</a>' in html
        assert '<span aria-current="page">工作要点</span>' in html


class TestEmpty:
    def test_says_what_to_do_next(self) -> None:
        html = draw('{% gk_empty "还没有任务" "先导入。" "/import/" "导入" %}')
        assert '<a class="gk-button" href="/import/">导入</a>' in html


class TestFilters:
    def test_gives_whole_per_cent(self) -> None:
        assert draw("{{ 1|gk_percent:3 }} {{ 1|gk_percent:0 }}") == "33 0"

    def test_rounds_minutes_up(self) -> None:
        assert draw("{{ span|gk_minutes }}", span=timedelta(seconds=61)) == "2"


class TestQr:
    def test_is_read_back_as_the_address(self) -> None:
        square = qr_square("https://www.qinglu.example/info/3f2b1c9e-7a60-4c55-9f6e-0b8d1a2c3e4f/")
        dark = {
            (int(x) + step, int(y))
            for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", square.path)
            for step in range(int(length))
        }
        code = segno.make(
            "https://www.qinglu.example/info/3f2b1c9e-7a60-4c55-9f6e-0b8d1a2c3e4f/",
            error="l",
            boost_error=False,
            micro=False,
            mask=3,
        )
        wanted = {(x, y) for y, row in enumerate(code.matrix_iter(border=4)) for x, cell in enumerate(row) if cell}
        assert dark == wanted
        assert square.size == code.symbol_size(border=4)[0]

    def test_has_a_name_and_no_style(self) -> None:
        html = draw('{% gk_qr "https://a.example/" "本页网址的二维码" %}')
        assert 'role="img" aria-label="本页网址的二维码"' in html
        assert "style" not in html


class TestLinkedData:
    def test_cannot_end_the_block_it_stands_in(self) -> None:
        html = draw("{% gk_linked_data data %}", data={"name": "</script><script>alert(1)</script>&"})
        assert html.count("<script") == 1
        block = re.fullmatch(r'<script type="application/ld\+json">(.*)</script>', html)
        assert json.loads(block[1]) == {"name": "</script><script>alert(1)</script>&"}


class TestKept:
    PIECE = Template('{% gk_kept "row" name %}{{ said|safe }}{% endgk_kept %}')

    def test_is_drawn_once_for_the_same_values(self) -> None:
        pieces: dict[tuple[str, ...], str] = {}
        drawn = [
            self.PIECE.render(Context({"gk_pieces": pieces, "name": name, "said": said}))
            for name, said in ("ab", "ac", "bd")
        ]
        assert drawn == ["b", "b", "d"]

    @pytest.mark.parametrize("pieces", [{}, {"gk_pieces": None}, {"gk_pieces": ""}])
    def test_is_drawn_each_time_where_nothing_is_kept(self, pieces: dict[str, object]) -> None:
        drawn = [self.PIECE.render(Context({**pieces, "name": "a", "said": said})) for said in "bc"]
        assert drawn == ["b", "c"]

    def test_keeps_nothing_by_values_that_change(self) -> None:
        pieces: dict[object, str] = {}
        assert self.PIECE.render(Context({"gk_pieces": pieces, "name": ["a"], "said": "b"})) == "b"
        assert pieces == {}
