"""Reading the values of rules: each kind of fault is noted with its place, nothing stops at the first."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from gongkai.domain.issues import Issue
from gongkai.rulebook import Rulebook, RulebookInvalid, UnknownRule, shipped
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


def table(**values: object) -> tuple[Table, list[Issue]]:
    faults: list[Issue] = []
    return Table(values, file="cn/foi.yaml", path="foi.x.values", faults=faults), faults


class TestTable:
    def test_reads_what_is_of_its_form(self) -> None:
        read, faults = table(name=" 甲 ", names=["a", "b", "a"], on=True, n=3, color="blue", rows=[{"k": "v"}])
        assert (read.text("name"), read.texts("names"), read.flag("on"), read.number("n")) == (
            "甲",
            ("a", "b"),
            True,
            3,
        )
        assert read.choice("color", Color) is Color.BLUE
        assert [row.text("k") for row in read.tables("rows")] == ["v"]
        assert (read.text("no", optional=True), read.texts("no", optional=True)) == ("", ())
        assert (read.flag("no", default=True), list(read.tables("no", optional=True))) == (True, [])
        assert faults == []

    @pytest.mark.parametrize("value", [None, "", "  ", 3, ["a"]], ids=repr)
    def test_a_text_has_to_be_one(self, value: object) -> None:
        read, faults = table(name=value)
        assert read.text("name") == ""
        assert describe(faults[0]) == "规则文件cn/foi.yaml的foi.x.values.name应是文字。"

    def test_every_fault_is_kept_with_its_place(self) -> None:
        read, faults = table(names="a", on="yes", n=True, low=0, color="green", rows=["a"], extra=1)
        read.only("names", "on", "n", "low", "color", "rows")
        read.texts("names")
        read.flag("on")
        read.number("n")
        read.number("low", least=1)
        read.choice("color", Color)
        list(read.tables("rows"))
        read.known("names", ("a", "b"), {"a": 1})
        assert [issue.field for issue in faults] == ["extra", "names", "on", "n", "low", "color", "rows", "b"]
        assert all("foi.x.values" in describe(issue) for issue in faults)


class TestHeldRules:
    def test_a_rule_that_was_not_yet_in_force_is_left_out(self) -> None:
        assert HeldRules(shipped(), on=date(2020, 1, 1)).one("foi.fee.per_case") is None

    def test_a_rule_that_no_layer_has_is_a_mistake_of_the_program(self) -> None:
        with pytest.raises(UnknownRule):
            HeldRules(shipped(), on=ON).one("foi.fee.per_kilo")

    def test_law_comes_from_the_nation_and_housekeeping_from_the_place(self, tmp_path: Path) -> None:
        (tmp_path / "cn-99").mkdir()
        rule = "\n".join(
            f"  - id: {name}\n    kind: local\n    versions:\n      - {{in_force_from: 2020-01-01, status: verified, "
            f"citations: [本地], values: {{{values}}}}}"
            for name, values in (
                ("foi.remedies.issuer.department", "organ: upper_government"),
                ("foi.remedies.issuer.management_committee", "organ: upper_government"),
            )
        )
        (tmp_path / "cn-99" / "a.yaml").write_text(f"layer: cn-99\nrules:\n{rule}\n", encoding="utf-8")
        held = HeldRules(Rulebook.load([tmp_path]), on=ON, layer="cn-99")
        organs = {name: table.values["organ"] for name, _, table in held.each("foi.remedies.issuer.")}
        assert (organs["department"], organs["management_committee"]) == ("own_government", "upper_government")

    def test_faults_are_raised_together_at_the_end(self) -> None:
        held = HeldRules(shipped(), on=ON)
        held.finish()
        found = held.one("foi.fee.per_case")
        assert found is not None
        found[1].text("no")
        found[1].flag("unit")
        with pytest.raises(RulebookInvalid) as caught:
            held.finish()
        assert len(caught.value.issues) == 2
