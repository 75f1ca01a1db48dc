from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
import yaml

from gongkai.kernel.content import ContentRulesInvalid, check_text, load_rules, shipped_rules
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.loader import load_rules as load_rulebook
from gongkai.rulebook.messages import catalog

TERMS = yaml.safe_load((resources.files("gongkai.rulebook") / "data" / "content" / "wording.yaml").read_text("utf-8"))


def texts(folder: Path, text: str) -> list[tuple[str, str, str]]:
    report = check_text(text, rules=load_rules(folder))
    return [(f.grade.value, f.text, f.replacement) for f in report.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    return tmp_path


class TestShipped:
    @pytest.mark.parametrize("entry", [e for e in TERMS["term_rules"] if "wrong" in e], ids=lambda e: e["id"])
    def test_every_wrong_word_is_found_and_the_right_one_is_not(self, entry: dict[str, str]) -> None:
        report = check_text(f"前文，{entry['wrong']}，后文", rules=shipped_rules())
        assert [f.grade.value for f in report.findings] == [entry["level"]]
        right = check_text(f"前文，{entry['right']}，后文", rules=shipped_rules())
        assert not [f for f in right.findings if f.rule == entry["id"]]

    @pytest.mark.parametrize(
        ("rule", "wrong", "right"),
        [
            ("R020", "市检查院提起公诉", "送检查院内检验，体检查院"),
            ("R021", "某省省委书记", "全省省委书记"),
            ("R044", "增强“四个自信”", "坚定“四个自信”"),
            ("R056", "改革开发四十年", "改革开发区管理"),
            ("R086", "国家：美国、台湾", "国家：中国"),
            ("R113", "统一布署", "部署"),
            ("R171", "截止2023年底", "报名截止日期"),
            ("R172", "市府办字（2023）57号", "市府办字〔2023〕57号"),
            ("R172", "市府办字[2023] 第57号", "（2023年）57号楼"),
            ("R173", "〔2023〕第57号", "〔2023〕57号"),
            ("R174", "〔2023〕057号", "〔2023〕57号"),
            ("R175", "2023年05月1日", "2023年5月1日"),
            ("R176", "2月30日", "12月31日"),
            ("R177", "完成任务。。", "完成任务……"),
        ],
    )
    def test_patterns(self, rule: str, wrong: str, right: str) -> None:
        assert rule in [f.rule for f in check_text(wrong, rules=shipped_rules()).findings]
        assert rule not in [f.rule for f in check_text(right, rules=shipped_rules()).findings]

    def test_every_anchor_of_a_pattern_is_needed_by_none_but_its_rule(self) -> None:
        rules = shipped_rules()
        assert len(rules.lexicon.terms) == len(TERMS["term_rules"]) == 180

    def test_every_kind_has_a_sentence(self) -> None:
        rules = shipped_rules()
        assert [code for code in (*rules.personal.kinds, *rules.hidden) if code not in catalog()] == []

    def test_what_is_not_verified_says_so(self) -> None:
        assert TERMS["meta"]["status"] == "unverified"
        assert {level["status"] for level in TERMS["levels"]} == {"unverified"}


class TestOwnLexicon:
    def test_words_a_line(self, folder: Path) -> None:
        lines = ["# 本地词库", "青录市 => 青麓市 => L1", "临江曲\t临江区", "慎用的话", "", "甲乙丙 → 丙乙甲 → L4"]
        (folder / "content" / "本地.txt").write_text("\n".join(lines), encoding="utf-8")
        assert texts(folder, "青录市临江曲慎用的话甲乙丙") == [
            ("L1", "青录市", "青麓市"),
            ("L3", "临江曲", "临江区"),
            ("L3", "慎用的话", ""),
            ("L4", "甲乙丙", "丙乙甲"),
        ]

    def test_allowed_phrases_and_numbers(self, folder: Path) -> None:
        (folder / "content" / "allow.txt").write_text("帐户管理办法\n0797-8123456\n138 1234 5678\n", encoding="utf-8")
        assert texts(folder, "帐户管理办法，值班手机13812345678，宅电0797-8123456") == []
        assert texts(folder, "帐户") == [("L4", "帐户", "账户")]

    def test_an_entry_of_ones_own_stands_in_place_of_the_shipped_one(self, folder: Path) -> None:
        entries = {"term_rules": [{"id": "R114", "wrong": "峻工", "right": "竣工", "level": "L1"}], "disable": ["R116"]}
        (folder / "content" / "own.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
        assert texts(folder, "峻工，渡假") == [("L1", "峻工", "竣工")]

    def test_all_faults_are_told_at_once(self, folder: Path) -> None:
        (folder / "content" / "a.txt").write_text("甲 => 乙 => L9\n => 乙\n好词\n", encoding="utf-8")
        (folder / "content" / "b.yaml").write_text(
            "term_rules:\n- {id: X1, pattern: '(', anchors: [甲]}\n- {wrong: 甲}\n- 甲\n", encoding="utf-8"
        )
        (folder / "content" / "c.yaml").write_text("term_rules: [", encoding="utf-8")
        (folder / "content" / "d.txt").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ContentRulesInvalid) as refused:
            load_rules(folder)
        assert refused.value.codes() == [
            "content.rules.line",
            "content.rules.line",
            "content.rules.entry",
            "content.rules.entry",
            "content.rules.entry",
            "content.rules.line",
            "content.rules.unreadable",
        ]
        assert "a.txt 第 1 行" in str(refused.value)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ContentRulesInvalid) as refused:
            load_rules(tmp_path / "nothing")
        assert refused.value.codes() == ["content.rules.no_folder"]

    def test_more_words_than_one_lexicon_may_have(self, folder: Path) -> None:
        (folder / "content" / "many.txt").write_text("\n".join(f"词{n}" for n in range(100_001)), encoding="utf-8")
        with pytest.raises(ContentRulesInvalid) as refused:
            load_rules(folder)
        assert refused.value.codes() == ["content.rules.too_many"]

    def test_the_rulebook_leaves_the_folder_of_lexicons_alone(self, folder: Path) -> None:
        (folder / "content" / "own.yaml").write_text("disable: [R116]\n", encoding="utf-8")
        assert load_rulebook([folder])
        (folder / "other").mkdir()
        with pytest.raises(RulebookInvalid):
            load_rulebook([folder])
