"""References and the registry behind them."""

from __future__ import annotations

import pytest

from gongkai.kernel.links import references
from gongkai.kernel.links.references import Ref, register_editor, register_relation, register_target, relation_of


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    for name in ("_resolvers", "_editors", "_relations"):
        monkeypatch.setattr(references, name, {})


class TestRef:
    @pytest.mark.parametrize("text", ["workplans.item:12", "files.file:7", "foi.letter.draft:2024-003"])
    def test_reads_back_what_it_writes(self, text):
        assert str(Ref.parse(text)) == text
        assert Ref.parse(Ref.parse(text)) == Ref.parse(text)

    @pytest.mark.parametrize(
        "text",
        ["", "item:12", "workplans.item", "workplans.item:", "Work.Item:1", "a.b:1 2", "a.b:1:2", f"a.{'b' * 70}:1"],
    )
    def test_refuses_other_forms(self, text):
        with pytest.raises(ValueError, match="reference"):
            Ref.parse(text)


class TestRegistry:
    def test_a_relation_has_a_name_from_both_ends(self):
        register_relation("evidence", "佐证材料", "佐证")
        register_relation("evidence", "佐证材料", "佐证")
        assert relation_of("evidence").inverse == "佐证"

    def test_an_unknown_relation_is_a_mistake(self):
        with pytest.raises(LookupError, match="evidence"):
            relation_of("evidence")

    @pytest.mark.parametrize("values", [("", "甲", "乙"), ("E", "甲", "乙"), ("e", "", "乙"), ("e", "甲", "")])
    def test_a_relation_needs_a_code_and_two_labels(self, values):
        with pytest.raises(ValueError, match="relation"):
            register_relation(*values)

    def test_nothing_is_registered_twice_with_another_meaning(self):
        register_relation("e", "甲", "乙")
        register_target("t.x", dict)
        register_editor("t.x", dict)
        for again in (
            lambda: register_relation("e", "甲", "丙"),
            lambda: register_target("t.x", list),
            lambda: register_editor("t.x", list),
        ):
            with pytest.raises(ValueError, match="already"):
                again()
