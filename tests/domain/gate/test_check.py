from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.gate import (
    AttachmentFacts,
    AttachmentState,
    CitedState,
    Found,
    LinkFacts,
    ReleaseFacts,
    RequiredField,
    RouteFacts,
    check_release,
    stopping,
)
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.items import AttachmentRef, ItemContent
from gongkai.domain.wording import Finding, Grade
from gongkai.rulebook.messages import catalog, describe
from tests.domain.gate.samples import CLEAN, TODAY, body, facts, paragraph, rules, said

FILE = AttachmentRef(7, "a" * 64, "名单.xlsx", 100, "application/xlsx")
PICTURE = AttachmentRef(8, "b" * 64, "现场.jpg", 100, "image/jpeg", alt="防汛演练现场")


def codes(given: ReleaseFacts) -> list[str]:
    return sorted(issue.code for issue in check_release(given, rules()))


def finding(code: str, grade: Grade, **more: Any) -> Finding:
    fields = {"start": 0, "end": 2, "text": "错词", "shown": "错词", "rule": "R1", **more}
    return Finding(code=code, grade=grade, **fields)


def image(**value: Any) -> dict[str, Any]:
    return {"id": "i1", "type": "image", "value": {"sha256": "c" * 64, "alt": "办事流程图", **value}}


def heading(text: str, level: int) -> dict[str, Any]:
    return {"id": f"h{text}{level}", "type": "heading", "value": {"text": text, "level": level}}


def table(head: list[str]) -> dict[str, Any]:
    return {"id": "t1", "type": "table", "value": {"caption": "", "head": head, "rows": [["一", "二"]]}}


def attached(state: AttachmentState, *issues: Issue, **more: Any) -> ReleaseFacts:
    content = said(attachments=(FILE,))
    return facts(content, attachments=(AttachmentFacts(FILE, state, issues=issues, **more),))


def outward(**known: Any) -> ReleaseFacts:
    """An item with a link to the web, of which this is known since the first of March."""
    link = LinkFacts(checked_at=datetime(2026, 3, 1, tzinfo=UTC), **known)
    return facts(body(paragraph("<a href='https://www.gov.cn/a'>国务院文件</a>")), links={"https://www.gov.cn/a": link})


OLD = date(2026, 1, 5)
CASES: list[tuple[str, ReleaseFacts, list[str]]] = [
    ("clean", facts(), []),
    ("no attribute", facts(said(attribute="")), ["gate.attribute.missing"]),
    ("on application", facts(said(attribute="on_application")), ["gate.attribute.not_proactive"]),
    ("withheld", facts(said(attribute="withheld")), ["gate.attribute.not_proactive"]),
    ("no ground", facts(said(grounds=())), ["gate.ground.missing"]),
    ("strange ground", facts(said(grounds=("art99",))), ["gate.ground.unknown"]),
    ("grounds not known here", facts(said(grounds=("art99",)), known_grounds=None), []),
    ("no route", facts(route=RouteFacts()), ["gate.route.not_opened"]),
    ("other digest", facts(route=RouteFacts(True, True, "0" * 64)), ["gate.route.other_digest"]),
    ("unsigned", facts(route=RouteFacts(True, False, CLEAN.digest(), ("终审",))), ["gate.route.incomplete"]),
    ("no title", facts(said(title=" ")), ["gate.title.missing"]),
    ("no issuer", facts(said(issuer=None)), ["gate.issuer.missing"]),
    ("nothing to read", facts(body(paragraph(""))), ["gate.body.missing"]),
    ("nothing but a summary", facts(said(body=(), summary="概述")), ["gate.body.missing"]),
    ("field of the kind", facts(said(subject=""), required=(RequiredField("subject", "主题分类"),)), ["gate.field.missing"]),
    ("field is filled", facts(said(subject="A01"), required=(RequiredField("subject", "主题分类"),)), []),
    ("list is empty", facts(said(keywords=()), required=(RequiredField("keywords", "关键词"),)), ["gate.field.missing"]),
    ("issuer asked for twice", facts(said(issuer=None), required=(RequiredField("issuer", "机构"),)), ["gate.issuer.missing"]),
    ("written tomorrow", facts(said(written_on=date(2026, 3, 3), issued_on=None)), ["gate.date.written_in_future"]),
    ("issued tomorrow", facts(said(issued_on=date(2026, 3, 3))), ["gate.date.issued_in_future"]),
    ("written today", facts(said(written_on=TODAY, issued_on=TODAY)), []),
    ("issued before written", facts(said(issued_on=date(2026, 2, 1))), ["gate.date.written_after_issued"]),
    (
        "ends before it begins",
        facts(said(effective_on=date(2026, 5, 1), expires_on=date(2026, 4, 1))),
        ["gate.date.expires_before_effective"],
    ),
    ("works backwards", facts(said(effective_on=OLD)), ["gate.date.effective_before_written"]),
    ("lapsed", facts(said(expires_on=date(2026, 3, 1))), ["gate.date.expired"]),
    ("number is none", facts(said(doc_no="青府办第五号")), ["gate.doc_no.form"]),
    ("number spelt otherwise", facts(said(doc_no="青府办字[2026]05号")), ["gate.doc_no.spelling"]),
    ("number of another year", facts(said(doc_no="青府办字〔2025〕5号")), ["gate.doc_no.year"]),
    ("no number", facts(said(doc_no="")), []),
    ("number in use", facts(same_number=("甲文", "乙文")), ["gate.doc_no.taken", "gate.doc_no.taken"]),
    ("no words for a picture", facts(body(image(alt="")), pictures={"i1": AttachmentFacts(PICTURE, AttachmentState.READ)}), ["gate.image.no_alt"]),
    ("file name for a picture", facts(body(image(alt="IMG_2033.jpg")), pictures={"i1": AttachmentFacts(PICTURE, AttachmentState.READ)}), ["gate.image.poor_alt"]),
    ("picture is gone", facts(body(image())), ["gate.attachment.gone"]),
    ("heading empty", facts(body(heading(" ", 2), paragraph("正文。"))), ["gate.heading.empty"]),
    ("heading skips", facts(body(heading("一", 2), heading("1", 4), paragraph("正文。"))), ["gate.heading.skipped"]),
    ("headings in order", facts(body(heading("一", 2), heading("（一）", 3), heading("二", 2), paragraph("正文。"))), []),
    ("first heading too deep", facts(body(heading("（一）", 3), paragraph("正文。"))), ["gate.heading.skipped"]),
    ("table without header", facts(body(table([]))), ["gate.table.no_header"]),
    ("header with a hole", facts(body(table(["姓名", " "]))), ["gate.table.empty_header"]),
    ("long sentence", facts(body(paragraph("为进一步做好" + "有关方面的工作" * 20 + "。"))), ["gate.sentence.long"]),
    ("long list of names", facts(body(paragraph("、".join(["青溪县财政局"] * 30) + "。"))), []),
    ("click here", facts(body(paragraph("<a href='/a/'>点击这里</a>"))), ["gate.link.vague_text"]),
    ("link without words", facts(body(paragraph("见<a href='/a/'></a>"))), ["gate.link.vague_text"]),
    ("script", facts(body(paragraph("<a href='javascript:alert(1)'>办事指南</a>"))), ["gate.link.form"]),
    ("inside", facts(body(paragraph("<a href='http://oa/x'>办事指南</a>"))), ["gate.link.private_host"]),
    ("leads nowhere", facts(body(paragraph("<a href='/info/x/'>办事指南</a>")), links={"/info/x/": LinkFacts(resolves=False)}), ["gate.link.leads_nowhere"]),
    ("own host leads nowhere", facts(body(paragraph("<a href='https://www.qingxi.gov.cn/x'>办事指南</a>")), links={"https://www.qingxi.gov.cn/x": LinkFacts(resolves=False)}), ["gate.link.leads_nowhere"]),
    (
        "does not answer",
        facts(
            body(paragraph("<a href='https://www.gov.cn/a'>国务院文件</a>")),
            links={"https://www.gov.cn/a": LinkFacts(reachable=False, status=404, checked_at=datetime(2026, 3, 1, tzinfo=UTC))},
        ),
        ["gate.link.unreachable"],
    ),
    ("nobody has looked", facts(body(paragraph("<a href='https://www.gov.cn/a'>国务院文件</a>"))), ["gate.link.not_asked"]),
    ("answers", outward(reachable=True, status=200), []),
    ("refuses programs", outward(reachable=None, status=403), ["gate.link.unsure"]),
    ("leads inside by its name", outward(reachable=False, problem="inside"), ["gate.link.private_host"]),
    ("gives no answer", outward(reachable=False, problem="timeout"), ["gate.link.unreachable"]),
    ("cites what is not public", facts(body(paragraph("根据青府发〔2020〕3号文件办理。"))), ["gate.citation.not_public"]),
    ("cites what is public", facts(body(paragraph("根据青府发〔2020〕3号文件办理。")), cited={"青府发〔2020〕3号": CitedState.PUBLIC}), []),
    ("cites what was withdrawn", facts(body(paragraph("根据青府发〔2020〕3号文件办理。")), cited={"青府发〔2020〕3号": CitedState.WITHDRAWN}), ["gate.citation.withdrawn"]),
    ("hands on what is not public", facts(body(paragraph("现转发《办法》（赣府发〔2020〕3号）。"))), ["gate.citation.forwarded_not_public"]),
    ("own number", facts(body(paragraph("（青府办字〔2026〕5号）"))), []),
    ("attachment clean", attached(AttachmentState.READ), []),
    ("attachment not gathered", facts(said(attachments=(FILE,))), ["gate.attachment.not_read"]),
    ("attachment twice", facts(said(attachments=(FILE, FILE)), attachments=(AttachmentFacts(FILE, AttachmentState.READ),)), ["gate.attachment.twice"]),
    ("too many findings", attached(AttachmentState.READ, more=12), ["gate.attachment.more"]),
    ("embedded file", attached(AttachmentState.READ, Issue("content.embedded_not_read", None, {"name": "a", "part": "b.doc"})), ["gate.attachment.embedded_not_read"]),
    ("two scanned pages", attached(AttachmentState.READ, Issue("document.pdf.pages_without_text", None, {}), Issue("document.docx.objects", None, {})), ["gate.attachment.partly_read"]),
    ("picture not read", attached(AttachmentState.READ, Issue("content.picture_not_read", None, {})), ["gate.attachment.picture_not_read"]),
    ("pictures inside", attached(AttachmentState.READ, Issue("document.docx.pictures", None, {})), ["gate.attachment.pictures_inside"]),
    ("of no concern", attached(AttachmentState.READ, Issue("document.docx.footnotes", None, {})), []),
    ("picture attached without words", facts(said(attachments=(replace(PICTURE, alt=""),)), attachments=(AttachmentFacts(PICTURE, AttachmentState.READ),)), ["gate.attachment.no_alt"]),
]  # fmt: skip
CASES += [
    (f"attachment {state.value}", attached(state), [f"gate.attachment.{state.value}"])
    for state in AttachmentState
    if state is not AttachmentState.READ
]


class TestTable:
    @pytest.mark.parametrize(("given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
    def test_what_is_found(self, given: ReleaseFacts, expected: list[str]) -> None:
        assert codes(given) == expected

    @pytest.mark.parametrize("given", [case[1] for case in CASES], ids=[case[0] for case in CASES])
    def test_every_issue_says_what_it_is(self, given: ReleaseFacts) -> None:
        for issue in check_release(given, rules()):
            assert describe(issue)
            assert issue.basis
            assert issue.values["grade"] in Grade.__members__
            assert (issue.severity is Severity.ERROR) is issue.values["stops"]

    def test_every_check_is_tried(self) -> None:
        tried = {code for case in CASES for code in case[2]}
        assert {code for code in rules().checks if code in catalog()} == tried


class TestFindings:
    @pytest.mark.parametrize(
        ("code", "grade", "stops", "overridable"),
        [
            ("content.wording", Grade.L1, True, True),
            ("content.wording", Grade.L2, True, True),
            ("content.wording", Grade.L3, False, False),
            ("content.wording", Grade.L4, False, False),
            ("content.person.id_number", Grade.L2, True, True),
            ("content.person.bank_card", Grade.L2, True, True),
            ("content.person.mobile", Grade.L3, False, False),
            ("content.person.mobile_in_list", Grade.L2, True, True),
            ("content.person.address", Grade.L3, True, True),
            ("content.person.plate", Grade.L4, False, False),
            ("content.hidden.covered", Grade.L2, True, True),
            ("content.hidden.sheet", Grade.L3, False, False),
            ("content.leader.misspelt", Grade.L1, True, True),
        ],
    )
    def test_rule_data_say_what_stops(self, code: str, grade: Grade, stops: bool, overridable: bool) -> None:
        given = facts(found=(Found(finding(code, grade, replacement="对词"), "body:p1", "正文第 1 段"),))
        (issue,) = check_release(given, rules())
        assert (issue.code, issue.values["stops"], issue.values["overridable"]) == (code, stops, overridable)

    def test_every_finding_of_the_content_check_has_a_rule(self) -> None:
        known = [
            code for code in catalog() if code.startswith(("content.person.", "content.hidden.", "content.leader."))
        ]
        lacking = [code for code in known if (code, "") not in rules().findings]
        assert lacking == []

    def test_word_without_replacement_asks_a_person(self) -> None:
        given = facts(found=(Found(finding("content.wording", Grade.L2), "title", "标题"),))
        (issue,) = check_release(given, rules())
        assert issue.code == "content.wording_by_hand"


class TestKeys:
    def two(self) -> ReleaseFacts:
        same = finding("content.wording", Grade.L1, replacement="对词")
        return facts(found=(Found(same, "title", "标题"), Found(same, "title", "标题"), Found(same, "body:p1", "正文")))

    def test_same_facts_same_keys(self) -> None:
        first = [issue.values["key"] for issue in check_release(self.two(), rules())]
        assert first == [issue.values["key"] for issue in check_release(self.two(), rules())]

    def test_no_two_problems_share_a_key(self) -> None:
        keys = [issue.values["key"] for case in CASES for issue in check_release(case[1], rules())]
        for case in CASES:
            own = [issue.values["key"] for issue in check_release(case[1], rules())]
            assert len(set(own)) == len(own)
        assert len({issue.values["key"] for issue in check_release(self.two(), rules())}) == 3
        assert all(len(str(key)) == 20 for key in keys)


class TestStopping:
    def test_what_may_be_overridden_goes_what_may_not_stays(self) -> None:
        given = facts(
            route=RouteFacts(), found=(Found(finding("content.wording", Grade.L1, replacement="对"), "title", "标题"),)
        )
        issues = check_release(given, rules())
        every = frozenset(str(issue.values["key"]) for issue in issues)
        assert [issue.code for issue in stopping(issues)] == ["gate.route.not_opened", "content.wording"]
        assert [issue.code for issue in stopping(issues, overridden=every)] == ["gate.route.not_opened"]

    def test_statutory_checks_are_never_overridden(self) -> None:
        never = {code for code, rule in rules().checks.items() if rule.stops and not rule.overridable}
        assert {
            "gate.attribute.missing",
            "gate.attribute.not_proactive",
            "gate.ground.missing",
            "gate.route.not_opened",
            "gate.route.incomplete",
            "gate.route.other_digest",
            "gate.attachment.damaged",
            "gate.attachment.macros",
            "gate.attachment.bomb",
        } <= never


# Spoils that can be mended, as pairs: what is wrong, and the same put right.
Mend = tuple[dict[str, Any], dict[str, Any]]
CONTENT: list[Mend] = [
    ({"title": ""}, {"title": "通知"}),
    ({"attribute": ""}, {"attribute": "proactive"}),
    ({"grounds": ()}, {"grounds": ("art19",)}),
    ({"issuer": None}, {"issuer": CLEAN.issuer}),
    ({"doc_no": "第五号"}, {"doc_no": "青府办字〔2026〕5号"}),
    ({"written_on": date(2027, 1, 1)}, {"written_on": date(2026, 2, 20)}),
    ({"issued_on": date(2027, 1, 1)}, {"issued_on": date(2026, 2, 25)}),
    ({"expires_on": date(2020, 1, 1)}, {"expires_on": None}),
]


class TestMending:
    @given(st.lists(st.booleans(), min_size=len(CONTENT), max_size=len(CONTENT)), st.integers(0, len(CONTENT) - 1))
    def test_putting_one_thing_right_adds_nothing_that_stops(self, wrong: list[bool], mended: int) -> None:
        before = stops(spoilt(wrong))
        after = stops(spoilt([bad and number != mended for number, bad in enumerate(wrong)]))
        # A date put right may show that it does not follow another one that is still wrong.
        assert after - before <= {"gate.date.written_after_issued"}

    @given(st.sampled_from(CASES))
    def test_complete_route_takes_issues_away_and_adds_none(self, case: tuple[str, ReleaseFacts, list[str]]) -> None:
        given = case[1]
        done = replace(given, route=RouteFacts(True, True, given.digest))
        assert stops(done) <= stops(given)

    @given(st.sampled_from(CASES), st.frozensets(st.integers(0, 8)))
    def test_overrides_only_ever_take_away(
        self, case: tuple[str, ReleaseFacts, list[str]], which: frozenset[int]
    ) -> None:
        issues = check_release(case[1], rules())
        keys = frozenset(str(issue.values["key"]) for number, issue in enumerate(issues) if number in which)
        assert set(map(id, stopping(issues, overridden=keys))) <= set(map(id, stopping(issues)))


def spoilt(wrong: list[bool]) -> ReleaseFacts:
    changes: dict[str, Any] = {}
    for (bad, good), is_wrong in zip(CONTENT, wrong, strict=True):
        changes |= bad if is_wrong else good
    return facts(replace(CLEAN, **changes))


def stops(given: ReleaseFacts) -> set[str]:
    return {issue.code for issue in stopping(check_release(given, rules()))}


class TestEmpty:
    def test_item_with_nothing_in_it_gets_every_reason_and_no_exception(self) -> None:
        content = ItemContent(kind="", title="")
        found = codes(ReleaseFacts(content=content, digest=content.digest(), today=TODAY))
        assert {"gate.attribute.missing", "gate.route.not_opened", "gate.title.missing", "gate.body.missing"} <= set(
            found
        )
