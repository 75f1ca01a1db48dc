"""Fields proposed from documents in the forms that real ones have; every text here was written for the test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.document import Document, Paragraph, Table, from_lines
from gongkai.domain.intake import Confidence, propose
from gongkai.kernel.documents import read_document

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"

RED_HEAD = """
云溪县人民政府办公室文件

云府办字〔2024〕12号

云溪县人民政府办公室关于印发
《云溪县农村饮水安全管理办法》的通知

各乡镇人民政府，县政府各部门，县属、驻县有关单位：

《云溪县农村饮水安全管理办法》已经县政府第30次常务会议通过，现印发给你们，请认真遵照执行。

附件：1．饮水安全责任清单
      2．水质检测安排表

云溪县人民政府办公室
2024年3月8日

（此件主动公开）

抄送：县委办公室，县人大常委会办公室，县政协办公室，
县监委，县法院，县检察院。
云溪县人民政府办公室          2024年3月9日印发
"""

WEB_TABLE = """
索引号：YX001-2024-0031\t主题分类：水利、水务
发布机构：云溪县水利局\t成文日期：2024年04月02日
标题：云溪县水利局关于做好汛前检查的通知
文号：云水字〔2024〕8号\t公开方式：主动公开
发布日期：2024-04-05 10:20\t有效性：有效
关于做好汛前检查的通知
各乡镇水务站：
请于4月15日前完成检查。
"""

JOINT = """
云溪县发展和改革委员会
云溪县财政局    文件
云溪县农业农村局

云发改字〔2023〕45号

关于下达2023年农村道路建设计划的通知

各乡镇人民政府：
现将计划下达给你们。

云溪县发展和改革委员会    云溪县财政局
云溪县农业农村局
2023年11月20日
"""

LETTER = """
云溪县卫生健康委员会
云卫函〔2024〕3号
云溪县卫生健康委员会关于县政协十届三次会议第21号提案的答复
王某某委员：
您提出的提案收悉，现答复如下。
云溪县卫生健康委员会
二〇二四年六月三十日
（此件依申请公开）
"""

ORDER = """
云溪县人民政府令
第6号
《云溪县城市照明管理规定》已经2024年1月5日县政府常务会议通过，现予公布，自2024年3月1日起施行。
县长  某某某
2024年1月12日
"""

LONG_NUMERALS = """
云溪县教育局文件
云教字[2022]５号
云溪县教育局关于2022年秋季招生工作的通知
各中小学：
请按时完成。
云溪县教育局
二○二二年五月十日
此件公开发布
"""

NEWSLETTER = """
云溪县政务公开工作简报
第 7 期
云溪县政务公开领导小组办公室
2024年5月6日
三个乡镇建成政务公开专区
今年以来，三个乡镇建成了专区。
"""

ADOPTED = """
云溪县人民代表大会常务委员会关于加强文明养犬管理的决定
（2024年2月28日云溪县第十届人民代表大会常务委员会第五次会议通过）
为了规范养犬行为，作如下决定。
一、养犬应当登记。
"""

WEB_LINES = """
当前位置：首页 > 政务公开 > 通知公告
云溪县民政局关于调整低保标准的公告
发布时间：2024-06-18 09:30    来源：县民政局    浏览次数：86
索 引 号：
MZ-2024-019
公开方式：
主动公开
根据上级规定，自2024年7月1日起执行新的标准，有效期三年。
云溪县民政局
2024年6月17日
"""

RULES = """
云府规〔2024〕2号
云溪县人民政府关于印发《云溪县公租房分配办法》的通知
各乡镇人民政府：
现印发给你们，自印发之日起施行，有效期5年。
云溪县人民政府
2024年8月1日
第一章 总则
第一条 为了规范分配，根据《江西省公租房办法》（赣府发〔2023〕9号）和国办发〔2022〕14号文件，制定本办法。
第二条 本办法自2024年9月1日起施行。
云溪县人民政府办公室 2024年8月5日印发
"""

CASES = [
    (RED_HEAD, "title", "云溪县人民政府办公室关于印发《云溪县农村饮水安全管理办法》的通知", "stated"),
    (RED_HEAD, "doc_no", "云府办字〔2024〕12号", "stated"),
    (RED_HEAD, "issuers", ("云溪县人民政府办公室",), "stated"),
    (RED_HEAD, "written_on", date(2024, 3, 8), "stated"),
    (RED_HEAD, "issued_on", date(2024, 3, 9), "stated"),
    (RED_HEAD, "attribute", "proactive", "stated"),
    (RED_HEAD, "document_kind", "通知", "stated"),
    (RED_HEAD, "addressee", "各乡镇人民政府，县政府各部门，县属、驻县有关单位", "stated"),
    (RED_HEAD, "attachments", ("饮水安全责任清单", "水质检测安排表"), "stated"),
    (RED_HEAD, "normative", None, None),
    (WEB_TABLE, "index_no", "YX001-2024-0031", "stated"),
    (WEB_TABLE, "issuers", ("云溪县水利局",), "stated"),
    (WEB_TABLE, "written_on", date(2024, 4, 2), "stated"),
    (WEB_TABLE, "title", "云溪县水利局关于做好汛前检查的通知", "stated"),
    (WEB_TABLE, "doc_no", "云水字〔2024〕8号", "stated"),
    (WEB_TABLE, "attribute", "proactive", "stated"),
    (WEB_TABLE, "published_on", date(2024, 4, 5), "stated"),
    (WEB_TABLE, "addressee", "各乡镇水务站", "stated"),
    (JOINT, "issuers", ("云溪县发展和改革委员会", "云溪县财政局", "云溪县农业农村局"), "stated"),
    (JOINT, "doc_no", "云发改字〔2023〕45号", "stated"),
    (JOINT, "title", "关于下达2023年农村道路建设计划的通知", "stated"),
    (JOINT, "written_on", date(2023, 11, 20), "stated"),
    (LETTER, "doc_no", "云卫函〔2024〕3号", "stated"),
    (LETTER, "issuers", ("云溪县卫生健康委员会",), "stated"),
    (LETTER, "document_kind", "答复", "stated"),
    (LETTER, "written_on", date(2024, 6, 30), "stated"),
    (LETTER, "attribute", "on_application", "stated"),
    (LETTER, "addressee", "王某某委员", "stated"),
    (ORDER, "title", "云溪县城市照明管理规定", "inferred"),
    (ORDER, "issuers", ("云溪县人民政府",), "stated"),
    (ORDER, "doc_no", "云溪县人民政府令第6号", "inferred"),
    (ORDER, "effective_on", date(2024, 3, 1), "stated"),
    (ORDER, "written_on", date(2024, 1, 12), "inferred"),
    (LONG_NUMERALS, "doc_no", "云教字〔2022〕5号", "stated"),
    (LONG_NUMERALS, "written_on", date(2022, 5, 10), "stated"),
    (LONG_NUMERALS, "attribute", "proactive", "stated"),
    (NEWSLETTER, "title", "三个乡镇建成政务公开专区", "inferred"),
    (NEWSLETTER, "doc_no", "第7期", "inferred"),
    (NEWSLETTER, "issuers", ("云溪县政务公开领导小组办公室",), "stated"),
    (NEWSLETTER, "written_on", date(2024, 5, 6), "stated"),
    (ADOPTED, "title", "云溪县人民代表大会常务委员会关于加强文明养犬管理的决定", "stated"),
    (ADOPTED, "written_on", None, None),
    (WEB_LINES, "title", "云溪县民政局关于调整低保标准的公告", "stated"),
    (WEB_LINES, "index_no", "MZ-2024-019", "stated"),
    (WEB_LINES, "attribute", "proactive", "stated"),
    (WEB_LINES, "published_on", date(2024, 6, 18), "stated"),
    (WEB_LINES, "effective_on", date(2024, 7, 1), "stated"),
    (WEB_LINES, "expires_on", date(2027, 6, 30), "inferred"),
    (WEB_LINES, "written_on", date(2024, 6, 17), "stated"),
    (RULES, "normative", "是", "stated"),
    (RULES, "effective_on", date(2024, 9, 1), "stated"),
    (RULES, "issued_on", date(2024, 8, 5), "stated"),
    (RULES, "cited", ("《江西省公租房办法》（赣府发〔2023〕9号）",), "stated"),
]


def best(text: str, field: str):
    return propose(from_lines(text, name="来文.txt")).best(field)


class TestPropose:
    @pytest.mark.parametrize(("text", "field", "value", "confidence"), CASES)
    def test_finds_what_the_document_says(self, text, field, value, confidence):
        found = best(text, field)
        if value is None:
            assert found is None
        else:
            assert found is not None
            assert (found.value, found.confidence.value) == (value, confidence)

    @pytest.mark.parametrize(
        ("remark", "attribute", "confidence"),
        [
            ("（此件主动公开）", "proactive", "stated"),
            ("(此件公开发布)", "proactive", "stated"),
            ("〔此件公开〕", None, None),
            ("（此件依申请公开）", "on_application", "stated"),
            ("（此件不予公开）", "withheld", "stated"),
            ("（此件不公开）", "withheld", "stated"),
            ("（此件删减后公开）", "proactive", "inferred"),
            ("此件主动公开。", "proactive", "stated"),
            ("（此件发至县团级）", None, None),
        ],
    )
    def test_reads_the_remark_below_the_date(self, remark, attribute, confidence):
        text = f"关于召开会议的通知\n各单位：\n定于下周开会。\n县政府办公室\n2024年1月2日\n{remark}\n"
        found = best(text, "attribute")
        assert (found and (found.value, found.confidence.value)) == (attribute and (attribute, confidence))

    @pytest.mark.parametrize(
        ("lines", "title"),
        [
            (["云溪县人民政府办公室", "关于印发2024年立法工作计划的", "通知"], "云溪县人民政府办公室关于印发2024年立法工作计划的通知"),
            (["关于转发《上级单位关于加强管理的通知》", "的通知"], "关于转发《上级单位关于加强管理的通知》的通知"),
            (["云溪县 2024 年 预算 公开 说明"], "云溪县2024年预算公开说明"),
            (["关于推广 Open Data 平台的意见"], "关于推广Open Data平台的意见"),
            (["云溪县公租房管理办法（试行）"], "云溪县公租房管理办法（试行）"),
            (["云溪县财政局", "云溪县审计局", "关于开展专项检查的通知"], "云溪县财政局 云溪县审计局关于开展专项检查的通知"),
            (["关于表彰先进单位的决定（云府字〔2024〕9号）"], "关于表彰先进单位的决定"),
            (["云溪县人民政府工作规则"], "云溪县人民政府工作规则"),
        ],
    )  # fmt: skip
    def test_joins_the_lines_of_a_title(self, lines, title):
        text = "\n".join([*lines, "各乡镇：", "为加强管理，现将有关事项通知如下。"])
        assert best(text, "title").value == title

    def test_takes_the_number_from_the_brackets_behind_the_title(self):
        found = best("关于表彰先进单位的决定（云府字〔2024〕9号）\n各乡镇：\n经研究，决定如下。", "doc_no")
        assert (found.value, found.confidence) == ("云府字〔2024〕9号", Confidence.INFERRED)

    def test_takes_the_title_above_the_number(self):
        text = "云溪县人民政府关于加强防汛工作的意见\n云府发〔2024〕3号\n各乡镇人民政府：\n提出如下意见。"
        assert best(text, "title").value == "云溪县人民政府关于加强防汛工作的意见"

    def test_does_not_take_a_cited_number_for_its_own(self):
        text = "关于开展检查的通知\n各乡镇：\n根据云府发〔2024〕3号文件要求，请于月底前完成。"
        proposals = propose(from_lines(text))
        assert proposals.best("doc_no") is None
        assert proposals.best("cited").value == ("云府发〔2024〕3号",)

    def test_passes_over_the_name_of_the_signer_beside_the_number(self):
        text = "云溪县人民政府文件\n云府文〔2024〕5号    签发人：某某某\n云溪县人民政府关于申请资金的请示\n市人民政府：\n请批示。"
        assert best(text, "doc_no").value == "云府文〔2024〕5号"

    def test_passes_over_the_degree_of_urgency(self):
        text = "特急\n云溪县应急管理局\n云应急〔2024〕6号\n关于启动四级响应的通知\n各乡镇：\n现启动响应。"
        assert best(text, "issuers").value == ("云溪县应急管理局",)

    def test_takes_the_signature_of_the_document_not_of_its_annex(self):
        text = (
            "关于公布名单的通知\n各乡镇：\n现予公布。\n云溪县文化局\n2024年2月1日\n附件1\n名单\n说明。\n云溪县档案馆\n"
            "2020年1月1日\n"
        )
        assert best(text, "written_on").value == date(2024, 2, 1)

    def test_reads_a_table_above_the_text(self):
        rows = (("索 引 号", "YX-7", "公开方式", "依申请公开"), ("发文机关", "云溪县林业局", "成文日期", "2023-12-01"))
        origins = tuple(tuple((r, c) for c in range(4)) for r in range(2))
        blocks = (Table(rows, origins, (1, 2)), Paragraph("关于封山育林的通告", 3), Paragraph("现通告如下。", 4))
        proposals = propose(Document("html", blocks))
        assert [str(proposals.best(f).value) for f in ("index_no", "attribute", "written_on", "title")] == [
            "YX-7",
            "on_application",
            "2023-12-01",
            "关于封山育林的通告",
        ]
        assert [line for line, _ in proposals.frame] == [1, 2, 3]

    def test_leaves_the_table_of_a_document_alone(self):
        rows = (("名称", "数量", "单价", "金额"), ("水泵", "2", "300", "600"))
        origins = tuple(tuple((r, c) for c in range(4)) for r in range(2))
        proposals = propose(Document("docx", (Paragraph("关于采购的公告", 1), Table(rows, origins, (2, 3)))))
        assert proposals.best("title").value == "关于采购的公告"
        assert [line for line, _ in proposals.frame] == [1]

    def test_tells_when_two_places_say_different_things(self):
        text = WEB_TABLE + "\n云溪县水利局\n2024年4月3日\n（此件不予公开）\n"
        assert propose(from_lines(text)).conflicting() == ("written_on", "attribute")

    def test_counts_days_from_the_day_of_issue(self):
        text = "关于收费的通知\n各单位：\n本通知自发布之日起30日后施行。\n云溪县物价局\n2024年1月1日\n"
        found = best(text, "effective_on")
        assert (found.value, found.confidence) == (date(2024, 1, 31), Confidence.INFERRED)

    def test_reads_until_when_a_document_holds(self):
        assert best("关于试点的通知\n各单位：\n本通知有效期至2026年12月31日。", "expires_on").value == date(
            2026, 12, 31
        )

    def test_takes_a_document_without_a_title_by_its_file_name(self):
        found = propose(from_lines("今天我们讨论了三件事，决定下周再议。", name="会议记录.txt")).best("title")
        assert (found.value, found.confidence, found.source) == ("会议记录", Confidence.INFERRED, "file_name")

    def test_proposes_nothing_for_nothing(self):
        assert propose(from_lines("\n\n---\n")).found == ()

    def test_says_where_a_value_stood(self):
        found = best(RED_HEAD, "issued_on")
        assert (found.line, found.text, found.source) == (
            23,
            "云溪县人民政府办公室          2024年3月9日印发",
            "imprint",
        )

    @given(st.text(alphabet="关于通知云溪县人民政府〔2024〕年月日号：。\n\t 第一条附件此公开", max_size=300))
    def test_never_fails_and_points_into_the_document(self, text):
        document = from_lines(text, name="随机.txt")
        numbers = {p.line for p in document.paragraphs()}
        assert all(p.line in numbers for p in propose(document).found)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample documents beside the repository are not here")
class TestSeeds:
    @pytest.mark.parametrize(
        ("start", "title", "doc_no"),
        [
            ("000", "赣州市人民政府办公室关于印发赣州市2023年政务公开工作方案的通知", "赣市府办字〔2023〕57号"),
            ("001", "红谷滩区人民政府办公室关于印发2023年红谷滩区政务公开工作要点的通知", "红谷府办发〔2023〕55号"),
            ("002", "章贡区扛稳抓牢创亮点纵深推进政务公开", "第150期"),
            ("003", "2021年赣州市政务公开工作任务分解表", None),
            ("004", "龙南市人民政府办公室关于印发《龙南市2024年政务公开工作实施方案》的通知", "龙府办字〔2024〕36号"),
        ],
    )
    def test_reads_real_documents(self, start, title, doc_no):
        proposals = propose(read_document(next(SEEDS.glob(f"{start}_*.txt"))))
        number = proposals.best("doc_no")
        assert (proposals.best("title").value, number and number.value) == (title, doc_no)
