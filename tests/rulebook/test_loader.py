"""Reading rule files: what ships is sound, what an office adds is checked, every fault is told at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.rulebook.loader import RulebookInvalid, calendar_shipped, load_rules, year_from_data, year_to_data
from gongkai.rulebook.lookup import Rulebook, shipped
from gongkai.rulebook.messages import describe
from gongkai.rulebook.schema import Status, layer_chain

REPLY_18 = """
layer: cn-36
rules:
  - id: foi.reply
    kind: local
    versions:
      - in_force_from: 2025-01-01
        limit: {limit}
        unit: {unit}
        citations: [某省规定]
        status: verified
"""


def write(folder: Path, layer: str, text: str, name: str = "rules.yaml") -> Path:
    (folder / layer).mkdir(parents=True, exist_ok=True)
    (folder / layer / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(RulebookInvalid) as refused:
        load_rules([folder])
    assert all(describe(issue) for issue in refused.value.issues)
    return [issue.code for issue in refused.value.issues]


class TestShippedRules:
    def test_are_sound(self) -> None:
        assert len(load_rules()) > 50

    def test_every_unverified_value_says_why(self) -> None:
        bare = [
            (rule.id, version.in_force_from)
            for rule in shipped().rules.values()
            for version in rule.versions
            if version.status is Status.UNVERIFIED and not version.note
        ]
        assert bare == []

    def test_every_period_of_the_list_is_there(self) -> None:
        codes = {rule.code for rule in shipped().rules.values()}
        wanted = (
            {f"D{n:02}" for n in range(1, 17)} | {f"P{n:02}" for n in range(1, 5)} | {f"M{n:02}" for n in range(1, 10)}
        )
        assert wanted | {"R01", "R02", "W01", "W02"} <= codes

    def test_suggested_numbers_are_never_called_verified(self) -> None:
        wrong = [
            rule.id
            for rule in shipped().rules.values()
            for version in rule.versions
            if version.suggested is not None and version.status is Status.VERIFIED
        ]
        assert wrong == []

    def test_housekeeping_numbers_of_work_plans_are_internal(self) -> None:
        for rule_id in ("reminder", "escalation", "notice_blue", "notice_yellow", "notice_red"):
            rule = shipped().rule(f"workplans.{rule_id}")
            assert rule.versions[0].citations == ("内部管理",)
            assert rule.versions[0].status is Status.UNVERIFIED


class TestLayers:
    @pytest.mark.parametrize(
        ("layer", "chain"),
        [
            ("cn", ("cn",)),
            ("cn-36", ("cn", "cn-36")),
            ("cn-360783", ("cn", "cn-36", "cn-3607", "cn-360783")),
            ("cn-360783101", ("cn", "cn-36", "cn-3607", "cn-360783", "cn-360783101")),
        ],
    )
    def test_chain_runs_from_the_nation_down(self, layer: str, chain: tuple[str, ...]) -> None:
        assert layer_chain(layer) == chain

    @pytest.mark.parametrize("layer", ["", "cn-", "cn-3", "cn-36078", "us", "cn-36-07", "龙南"])
    def test_other_names_are_refused(self, layer: str) -> None:
        with pytest.raises(ValueError, match="not a layer"):
            layer_chain(layer)


class TestLowerLayers:
    def test_may_tighten(self, tmp_path: Path) -> None:
        book = Rulebook.load([write(tmp_path, "cn-36", REPLY_18.format(limit=18, unit="working_day"))])
        assert book.value("foi.reply", on=date(2025, 3, 1), layer="cn-360783").limit == 18
        assert book.value("foi.reply", on=date(2024, 3, 1), layer="cn-360783").limit == 20
        assert book.value("foi.reply", on=date(2025, 3, 1)).limit == 20

    def test_may_not_loosen(self, tmp_path: Path) -> None:
        folder = write(tmp_path, "cn-36", REPLY_18.format(limit=25, unit="working_day"))
        with pytest.raises(RulebookInvalid) as refused:
            load_rules([folder])
        (issue,) = refused.value.issues
        assert issue.code == "rulebook.layer.loosens"
        assert describe(issue) == (
            f"规则文件{tmp_path.name}/cn-36/rules.yaml的foi.reply.limit写的是25，上级层级cn为20；下级只能缩短，不得放宽。"
        )

    def test_may_not_change_the_unit(self, tmp_path: Path) -> None:
        # told of the new file, and of the shipped layer below it that no longer fits
        assert set(faults(write(tmp_path, "cn-36", REPLY_18.format(limit=10, unit="month")))) == {"rulebook.layer.unit"}

    def test_may_not_shorten_what_belongs_to_the_citizen(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=10, unit="working_day").replace("foi.reply", "foi.payment")
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.layer.loosens"]

    def test_may_not_move_remedies_at_all(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=90, unit="calendar_day").replace("foi.reply", "remedies.reconsideration")
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.layer.loosens"]

    def test_may_not_add_pauses(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=18, unit="working_day").replace(
            "    kind: local\n",
            "    kind: local\n    facts:\n      received: {label: 收到, effect: start}\n"
            "      leave: {label: 请假, effect: wait}\n",
        )
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.layer.facts"]

    def test_target_may_not_lie_beyond_the_law(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=30, unit="working_day").replace("limit", "local_target")
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.target.beyond"]

    def test_the_layer_between_counts_too(self, tmp_path: Path) -> None:
        write(tmp_path, "cn-36", REPLY_18.format(limit=15, unit="working_day"))
        text = REPLY_18.format(limit=18, unit="working_day").replace("cn-36", "cn-3607")
        assert faults(write(tmp_path, "cn-3607", text)) == ["rulebook.layer.loosens"]

    def test_a_notice_in_advance_may_only_come_earlier(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=10, unit="working_day").replace("cn-36", "cn-360783101")
        text = text.replace("foi.reply", "participation.open_day_notice")
        assert faults(write(tmp_path, "cn-360783101", text)) == ["rulebook.layer.loosens"]


class TestOfficeFolder:
    def test_may_set_its_own_housekeeping_numbers(self, tmp_path: Path) -> None:
        text = """
layer: cn
rules:
  - id: workplans.reminder
    title: 任务到期前的提醒
    kind: internal
    versions:
      - {in_force_from: 2020-01-01, unit: calendar_day, values: {lead_days: [10, 5]}, citations: [内部管理], status: verified}
"""
        book = Rulebook.load([write(tmp_path, "cn", text)])
        assert book.value("workplans.reminder", on=date(2024, 1, 1)).values == {"lead_days": [10, 5]}
        assert shipped().value("workplans.reminder", on=date(2024, 1, 1)).values == {"lead_days": [30, 15, 7, 3, 1]}

    def test_may_not_replace_law(self, tmp_path: Path) -> None:
        text = REPLY_18.format(limit=15, unit="working_day").replace("cn-36", "cn")
        assert faults(write(tmp_path, "cn", text)) == ["rulebook.rule.protected"]

    def test_missing_folder_is_named(self, tmp_path: Path) -> None:
        assert faults(tmp_path / "nowhere") == ["rulebook.folder.missing"]

    def test_folder_that_is_no_layer_is_named(self, tmp_path: Path) -> None:
        assert faults(write(tmp_path, "jiangxi", "layer: jiangxi")) == ["rulebook.layer.name"]

    def test_a_new_rule_in_a_lower_layer_is_welcome(self, tmp_path: Path) -> None:
        text = """
layer: cn-3601
rules:
  - id: inquiries.hotline
    title: 热线工单的办理
    versions:
      - {in_force_from: 2024-01-01, limit: 7, unit: working_day, citations: [某市办法], status: verified}
    facts:
      received: {label: 收到工单, effect: start}
      closed: {label: 办结, effect: stop}
"""
        book = Rulebook.load([write(tmp_path, "cn-3601", text)])
        assert "inquiries.hotline" in book.clock_ids(layer="cn-3601")
        assert "inquiries.hotline" not in book.clock_ids(layer="cn-3607")


class TestFaultyFiles:
    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        text = """
layer: cn-3607
rules:
  - id: Bad Id
    versions: []
  - id: a.one
    title: 一
    color: red
    versions:
      - {in_force_from: soon, limit: 3, unit: working_day, citations: [某文件], status: verified}
      - {in_force_from: 2024-01-01, limit: many, unit: parsec, citations: [], status: unverified}
  - id: a.two
    title: 二
    versions:
      - {in_force_from: 2024-01-01, limit: 3, citations: [某文件], status: verified}
    facts:
      begun: {label: 开始, effect: start}
      other: {label: 其他, effect: explode}
      ended: {label: 结束, effect: stop, needs: nothing}
  - id: a.three
    versions:
      - {in_force_from: 2024-01-01, in_force_until: 2024-12-31, limit: 3, unit: working_day, citations: [某文件], status: verified}
      - {in_force_from: 2024-06-01, limit: 2, unit: working_day, citations: [某文件], status: verified}
"""
        codes = faults(write(tmp_path, "cn-36", text))
        assert set(codes) >= {
            "rulebook.layer.mismatch",
            "rulebook.key.type",
            "rulebook.key.unknown",
            "rulebook.key.choice",
            "rulebook.citation.missing",
            "rulebook.note.missing",
            "rulebook.unit.missing",
            "rulebook.facts.reference",
            "rulebook.version.overlap",
        }
        assert len(codes) >= 12

    @pytest.mark.parametrize("facts", ["{a: {label: 甲, effect: stop}}", "{}"])
    def test_a_clock_without_a_beginning(self, tmp_path: Path, facts: str) -> None:
        text = REPLY_18.format(limit=3, unit="working_day").replace("foi.reply", "a.one")
        text = text.replace("    kind: local\n", f"    title: 一\n    facts: {facts}\n")
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.facts.start"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("layer: [", "rulebook.file.unreadable"),
            ("- 1", "rulebook.key.type"),
            ("layer: cn-36\nrules: {}", "rulebook.key.type"),
            ("", "rulebook.key.type"),
        ],
    )
    def test_a_file_of_another_form(self, tmp_path: Path, text: str, code: str) -> None:
        assert faults(write(tmp_path, "cn-36", text)) == [code]

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        write(tmp_path, "cn-36", "")
        (tmp_path / "cn-36" / "rules.yaml").write_bytes(b"\xff\xfe\x00")
        assert faults(tmp_path) == ["rulebook.file.unreadable"]

    def test_the_same_rule_twice_in_a_layer(self, tmp_path: Path) -> None:
        write(tmp_path, "cn-36", REPLY_18.format(limit=18, unit="working_day"))
        write(tmp_path, "cn-36", REPLY_18.format(limit=17, unit="working_day"), name="again.yaml")
        assert faults(tmp_path) == ["rulebook.rule.twice"]

    def test_a_reference_that_leads_nowhere(self, tmp_path: Path) -> None:
        text = """
layer: cn-36
rules:
  - id: a.one
    title: 一
    versions:
      - {in_force_from: 2024-01-01, limit: 3, unit: working_day, citations: [某文件], status: verified}
    facts:
      begun: {label: 开始, effect: start}
      longer: {label: 延长, effect: extend, at_most: a.missing}
"""
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.rule.reference"]

    def test_a_period_in_months_cannot_pause(self, tmp_path: Path) -> None:
        text = """
layer: cn-36
rules:
  - id: a.one
    title: 一
    versions:
      - {in_force_from: 2024-01-01, limit: 3, unit: month, citations: [某文件], status: verified}
    facts:
      begun: {label: 开始, effect: start}
      held: {label: 暂停, effect: wait}
"""
        assert faults(write(tmp_path, "cn-36", text)) == ["rulebook.facts.unit"]


class TestCalendarFiles:
    def test_shipped_years(self) -> None:
        assert calendar_shipped().published_years == (2024, 2025, 2026)

    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_survive_the_way_to_json_and_back(self, year: int) -> None:
        published = calendar_shipped().year(year)
        assert year_from_data(year_to_data(published)) == published
