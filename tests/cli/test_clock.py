"""``gongkai clock``: explanations without a database, errors that list what exists, a fast start."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongkai.cli.clock import clock


def run(*arguments: str) -> Result:
    return CliRunner().invoke(clock, list(arguments))


def explain(*arguments: str) -> dict[str, Any]:
    result = run("explain", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


class TestExplain:
    def test_json_has_the_promised_keys(self) -> None:
        data = explain("--rule", "foi.reply", "--received", "2024-09-27", "--fact", "consultation_sent=2024-10-08")
        assert {"due_on", "provisional", "used", "allowed", "trace", "basis", "paused", "target_on", "issues"} <= set(
            data
        )
        assert data["due_on"] == "2024-10-30"
        assert data["state"] == "paused"
        assert {"kind", "from", "to", "count", "total", "words"} <= set(data["trace"][0])
        assert data["basis"][0]["citation"] == "《中华人民共和国政府信息公开条例》第三十三条第二款"

    def test_json_expands_day_by_day(self) -> None:
        data = explain("--rule", "foi.reply", "--received", "2024-09-27")
        assert data["days"][2] == {
            "on": "2024-09-29",
            "weekday": "周日",
            "counted": True,
            "number": 1,
            "why": "国庆节调休上班",
            "provisional": False,
        }
        assert sum(day["counted"] for day in data["days"]) == data["allowed"] == 20

    def test_facts_with_days_and_references(self) -> None:
        data = explain(
            "--rule", "foi.reply", "--received", "2026-03-02",
            "--fact", "consultation_sent=2026-03-09,ref=甲公司",
            "--fact", "consultation_closed=2026-03-20,ref=甲公司",
            "--fact", "extended=2026-04-10,days=5",
        )  # fmt: skip
        assert (data["paused"], data["allowed"], data["due_on"]) == (9, 25, "2026-04-20")

    def test_layer_brings_the_local_target(self) -> None:
        data = explain("--rule", "foi.reply", "--received", "2024-09-30", "--layer", "cn-360783")
        assert (data["due_on"], data["target_on"]) == ("2024-11-01", "2024-10-24")

    def test_today_shows_what_is_used(self) -> None:
        data = explain("--rule", "foi.reply", "--received", "2024-09-30", "--today", "2024-11-05")
        assert (data["used"], data["remaining"], data["overdue_days"]) == (20, 0, 2)

    def test_unpublished_year_is_provisional(self) -> None:
        data = explain("--rule", "foi.reply", "--received", "2026-12-10")
        assert data["provisional"] is True
        assert "2027年放假安排尚未公布" in data["reason"]

    def test_text_says_it_day_by_day(self) -> None:
        result = run("explain", "--rule", "foi.reply", "--received", "2024-09-27")
        assert result.exit_code == 0
        assert "届满：2024-10-30" in result.stdout
        assert "2024-09-29 周日  计入  第1个工作日  国庆节调休上班" in result.stdout
        assert "2024-10-03 周四  不计入  国庆节放假" in result.stdout

    def test_unverified_basis_is_marked(self) -> None:
        result = run("explain", "--rule", "inquiries.reply", "--received", "2024-09-27")
        assert "内部管理［待核］" in result.stdout

    def test_received_stands_for_the_starting_fact_of_any_rule(self) -> None:
        assert explain("--rule", "remedies.lawsuit", "--received", "2025-07-31")["due_on"] == "2026-02-02"


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--rule", "foi.rely", "--received", "2024-09-27"], "是不是：foi.reply"),
            (["--rule", "foi.extension", "--received", "2024-09-27"], "不能计时"),
            (["--received", "2024-09-27"], "请用 --rule 写明规则编号"),
            (["--rule", "foi.reply"], "请写 --received 日期"),
            (["--rule", "foi.reply", "--received", "27.9.2024"], "“27.9.2024”不是日期；应形如 2024-09-27"),
            (["--rule", "foi.reply", "--received", "2024-02-30"], "不是日期"),
            (["--rule", "foi.reply", "--received", "9999-12-31"], "超出了可以计算的年份"),
            (["--rule", "foi.reply", "--received", "2024-09-27", "--today", "今天"], "“今天”不是日期"),
            (["--rule", "foi.reply", "--received", "2024-09-27", "--fact", "extended"], "extended（延长答复期限）"),
            (
                ["--rule", "foi.reply", "--received", "2024-09-27", "--fact", "extended=2024-10-08,days=x"],
                "days 应是整数",
            ),
            (
                ["--rule", "foi.reply", "--received", "2024-09-27", "--fact", "granted=2024-10-08"],
                "没有“granted”这种事实",
            ),
            (
                ["--rule", "foi.reply", "--received", "2024-09-27", "--fact", "supplemented=2024-10-08"],
                "之前没有“发出补正告知”",
            ),
            (["--rule", "foi.reply", "--received", "1999-09-27"], "尚未施行"),
            (["--rule", "foi.reply", "--received", "2024-09-27", "--layer", "longnan"], "cn-360783"),
        ],
    )
    def test_are_chinese_sentences_and_exit_code_2(self, arguments: list[str], sentence: str) -> None:
        result = run("explain", *arguments)
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert "Traceback" not in result.output

    def test_come_all_at_once(self) -> None:
        result = run(
            "explain", "--rule", "foi.reply", "--received", "x", "--fact", "y", "--fact", "z=1", "--today", "w"
        )
        assert result.stderr.count("错误：") == 4

    def test_unknown_rule_lists_the_rules_there_are(self) -> None:
        result = run("explain", "--rule", "nothing.like.it", "--received", "2024-09-27")
        assert "proactive.publish" in result.stderr

    def test_json_carries_the_contradictions(self) -> None:
        result = run(
            "explain", "--rule", "foi.reply", "--received", "2024-09-27", "--fact", "fee_paid=2024-10-08", "--json"
        )
        assert result.exit_code == 2
        data = json.loads(result.stdout)
        assert [issue["code"] for issue in data["issues"]] == ["clock.fact.without"]


class TestRules:
    def test_lists_rules_and_their_facts(self) -> None:
        result = run("rules", "--layer", "cn-360783")
        assert "foi.reply  政府信息公开申请的答复" in result.stdout
        assert "participation.open_day_notice" in result.stdout
        assert "consultation_sent" in result.stdout


class TestStart:
    def test_neither_django_nor_a_database_driver_is_imported(self) -> None:
        code = (
            "import sys; from click.testing import CliRunner; from gongkai.cli import cli;"
            "r = CliRunner().invoke(cli, ['clock', 'explain', '--rule', 'foi.reply', '--received', '2024-09-27']);"
            "assert r.exit_code == 0, r.output;"
            "loaded = {m.partition('.')[0] for m in sys.modules};"
            "print(sorted(loaded & {'django', 'wagtail', 'psycopg', 'procrastinate', 'docx', 'openpyxl'}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
