"""What the texts of the sample city say about an item in the words of the rulebook: kind, columns, subject, grounds."""

from __future__ import annotations

from gongkai.cli.demo.texts import Text
from gongkai.rulebook.disclosure import disclosure_rules

_KINDS = {
    "normative": "normative_document",
    "policy": "other_policy",
    "profile": "organ_profile",
    "licence": "licence_result",
    "penalty": "announcement",
    "project": "major_project",
    "subsidy": "subsidy_result",
    "warning": "emergency_info",
    "land": "land_requisition",
    "proposal": "proposal_answer",
    "service_guide": "other",
    "report": "other",
    "answer": "other",
}
_COUNTY = {"市政建设": 1, "公共服务": 2, "公益事业": 3, "土地征收": 4, "房屋征收": 5, "治安管理": 6, "社会救助": 7}
_TOWN = {
    "贯彻落实农业农村政策": 1,
    "农田水利工程建设运营": 2,
    "农村土地承包经营权流转": 3,
    "宅基地使用情况审核": 4,
    "土地征收": 5,
    "房屋征收": 6,
    "筹资筹劳": 7,
    "社会救助": 8,
}
_SUBJECTS = {"就业": "1501", "社会救助": "1703", "医保": "1502"}
_NOTES = {"annual_report": "条例第五十条规定各机关公布年度报告", "recruitment": "招考信息"}
_OTHER_NOTE = "法律、法规和国家有关规定要求公开"


def kind_of(text: Text) -> str:
    """Return the code of an item's kind in the rulebook."""
    if text.kind == "policy" and not text.doc_no:
        return "livelihood"
    if text.kind == "budget" and text.key.startswith("juesuan"):
        return "final_accounts"
    return _KINDS.get(text.kind, text.kind)


def columns_of(text: Text, *, town: bool) -> tuple[str, ...]:
    """Return the codes of the directory's columns; a kind's own column stands for the statutory one above it."""
    own = disclosure_rules().kinds[kind_of(text)].column
    found = []
    for name in text.columns:
        if town and name in _TOWN:
            found.append(f"T21-{_TOWN[name]}")
        elif name in _COUNTY:
            found.append(f"X21-{_COUNTY[name]}")
        elif name in _TOWN:
            found.append(f"T21-{_TOWN[name]}")
        else:
            found.append(own if own.startswith(f"{name}-") else name)
    return tuple(dict.fromkeys(found))


def subject_of(text: Text) -> str:
    """Return the code of the subject class that the text names, of the second level where it is one."""
    if text.subject in _SUBJECTS:
        return _SUBJECTS[text.subject]
    subjects = disclosure_rules().subjects.values()
    return next((one.code for one in subjects if one.name == text.subject and text.subject), "")


def grounds_of(text: Text) -> tuple[list[str], str]:
    """Return the grounds of the item's attribute, and the reason in words where a ground needs one."""
    if text.attribute != "proactive":
        return [text.story["ground"]], str(text.story.get("note") or _reason(text))
    rules = disclosure_rules()
    offered = [rules.grounds[code] for code in rules.kinds[kind_of(text)].grounds]
    chosen = next((ground for ground in offered if not ground.note_needed), offered[0])
    note = _NOTES.get(kind_of(text), _OTHER_NOTE) if chosen.note_needed else ""
    return [chosen.code], note


def _reason(text: Text) -> str:
    reasons = {
        "art16_internal": "属于机关内部管理事务，对外不产生效力",
        "art16_process": "讨论过程中的材料，尚未形成决定，公开可能误导公众",
        "art16_case": "行政执法案卷材料，当事人可以依照有关规定查阅",
        "art15_trade": "企业书面说明属于商业秘密，已征求意见，不同意公开",
        "art15_privacy": "涉及特定个人的隐私，公开会损害其合法权益",
        "art14_security": "公开后可能被用于规避防范措施，危及公共安全",
        "art27": "只涉及特定单位或者特定用途，一般公众不需要广泛知晓，可以依申请提供",
    }
    return reasons[text.story["ground"]]


def files_wanted(text: Text) -> bool:
    """Tell whether files hang on the item."""
    return bool(text.attach) or text.story.get("flawed") == "hidden_sheet"


def masked(text: Text) -> bool:
    """Tell whether a table of the item names people, who are masked then."""
    tables = [block["value"] for block in text.body if block["type"] == "table"]
    return any("某" in cell for table in tables for row in table["rows"] for cell in row)


def minute_of(text: Text) -> int:
    """Return a minute that follows from the key, so that two loads are alike."""
    return sum(map(ord, text.key)) % 55
