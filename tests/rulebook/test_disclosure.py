"""Grounds, kinds, columns and subject classes: what is shipped holds together, and every fault of a file is told."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

import pytest
import yaml

from gongkai.rulebook import RulebookInvalid
from gongkai.rulebook.disclosure import ATTRIBUTES, disclosure_rules, read_rules
from gongkai.rulebook.messages import describe

NAMES = ("grounds", "item_kinds", "directory", "subject_classes")


def shipped() -> dict[str, str]:
    folder = resources.files("gongkai.rulebook") / "data" / "disclosure"
    return {name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES}


def changed(name: str, text: str) -> Mapping[str, str]:
    return {**shipped(), name: text}


class TestShipped:
    def test_every_attribute_has_grounds_and_withholding_always_needs_a_reason(self) -> None:
        rules = disclosure_rules()
        for attribute in ATTRIBUTES:
            assert [g for g in rules.grounds.values() if attribute in g.attributes]
        assert all(g.note_needed for g in rules.grounds.values() if set(g.attributes) & {"withheld", "on_application"})

    def test_withholding_rests_on_articles_14_to_16_or_a_special_law(self) -> None:
        codes = {g.code for g in disclosure_rules().grounds.values() if "withheld" in g.attributes}
        assert {code.partition("_")[0] for code in codes} == {"art14", "art15", "art16", "art36"}

    def test_all_fifteen_items_of_article_20_are_grounds_and_columns(self) -> None:
        rules = disclosure_rules()
        assert {f"art20_{n}" for n in range(1, 16)} <= set(rules.grounds)
        assert {f"C{n:02d}" for n in range(1, 16)} <= set(rules.columns)
        assert all(rules.columns[f"C{n:02d}"].statutory == f"20.{n}" for n in range(1, 16))

    def test_a_normative_document_needs_both_reviews(self) -> None:
        kind = disclosure_rules().kinds["normative_document"]
        assert kind.normative and kind.flags == {"legality", "fair_competition"}

    def test_kinds_offer_grounds_that_open_them(self) -> None:
        rules = disclosure_rules()
        for kind in rules.kinds.values():
            assert all("proactive" in rules.grounds[code].attributes for code in kind.grounds), kind.code

    def test_there_are_twenty_two_subject_classes(self) -> None:
        rules = disclosure_rules()
        assert sum(not s.parent for s in rules.subjects.values()) == 22
        assert rules.subject_path("0201") == "综合政务\\政务公开"
        assert rules.subject_path("xx") == "xx"

    def test_every_ground_is_cited(self) -> None:
        for ground in disclosure_rules().grounds.values():
            assert ground.basis.citation.startswith("《中华人民共和国政府信息公开条例》第")
            assert ground.words in ground.label


class TestFaults:
    @pytest.mark.parametrize(
        "name, text, code",
        [
            ("grounds", "grounds: [", "rulebook.file.unreadable"),
            ("directory", "columns: []", "rulebook.key.type"),
            ("directory", "columns: [{code: A, name: 甲, status: verified}, {code: A, name: 乙, status: verified}]", "rulebook.rule.twice"),
            ("directory", "columns: [{code: A, name: 甲, parent: B, status: verified}]", "rulebook.key.choice"),
            ("directory", "columns: [{code: A, name: 甲, status: sure}]", "rulebook.key.choice"),
            ("directory", "columns: [{code: A, name: 甲, status: verified, colour: red}]", "rulebook.key.unknown"),
            ("subject_classes", "classes: [{code: 1, name: 甲}]", "rulebook.key.type"),
        ],
    )  # fmt: skip
    def test_is_told_with_file_and_place(self, name: str, text: str, code: str) -> None:
        with pytest.raises(RulebookInvalid) as invalid:
            read_rules(changed(name, text))
        found = [issue for issue in invalid.value.issues if issue.code == code]
        assert found and f"disclosure/{name}.yaml" in describe(found[0])

    def test_all_faults_of_all_files_are_told_at_once(self) -> None:
        data = yaml.safe_load(shipped()["item_kinds"])
        data["kinds"][0].update(column="Q1", review_months=0, legality="yes", required=["colour"], grounds=["art99"])
        grounds = yaml.safe_load(shipped()["grounds"])
        grounds["grounds"][0].update(article="", note="perhaps", attributes=["hidden"])
        texts = {**shipped(), "item_kinds": yaml.safe_dump(data), "grounds": yaml.safe_dump(grounds)}
        with pytest.raises(RulebookInvalid) as invalid:
            read_rules(texts)
        assert len(invalid.value.issues) == 8
        assert all("{" not in describe(issue) for issue in invalid.value.issues)
