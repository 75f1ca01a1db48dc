"""``gongkai foi replay``: case files on the command line, their JSON, their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongkai.cli.foi import foi

CASE = """\
name: 延长后答复
channel: online
applicant: 公司
events:
  - submitted: 2024-03-01
  - confirmed: 2024-03-04
  - extension: {on: 2024-03-29, days: 10, by: 李主任}
  - replied: {on: 2024-04-17, disposition: denied_process, delivery: post}
"""


def replay(tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "案件.yaml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(foi, ["replay", str(file), *options])


def data(tmp_path: Path, text: str, *options: str) -> dict[str, Any]:
    result = replay(tmp_path, text, "--json", *options)
    return json.loads(result.stdout)  # type: ignore[no-any-return]


class TestReplay:
    def test_tells_stage_days_steps_and_row(self, tmp_path: Path) -> None:
        result = replay(tmp_path, CASE)
        assert result.exit_code == 0
        # Received on #1 of the count in tests/rulebook/foi_cases: 20 + 10 end on #31.
        for words in (
            "已办结（closed）",
            "收到申请之日：2024-03-04；法定期限：2024-04-16",
            "逾期1个工作日",
            "复议前置",
        ):
            assert words in result.stdout
        assert "2024-03-04 登记（推定） → 审核中" in result.stdout
        assert "denied_process），商业企业" in result.stdout

    def test_json_has_the_promised_keys(self, tmp_path: Path) -> None:
        told = data(tmp_path, CASE)
        assert (told["schema"], told["ok"], told["problems"], told["unmet"]) == ("gongkai.foi.replay/1", True, [], 0)
        (case,) = told["cases"]
        assert {
            "number", "name", "file", "line", "layer", "seen_from", "channel", "stage", "stage_name", "ended",
            "received_on", "due_on", "target_on", "replied_on", "served_on", "closed_on", "overdue_days", "provisional",
            "disposition", "disposition_title", "remedy_route", "annual", "clock", "receipt", "waits", "steps",
            "refusals", "notices", "rounds", "remedies", "corrections", "service_corrections", "expect",
        } == set(case)  # fmt: skip
        assert (case["stage"], case["due_on"], case["overdue_days"]) == ("closed", "2024-04-16", 1)
        assert case["annual"]["row"] == "denied_process"
        assert (case["annual"]["column"], case["annual"]["year"]) == ("business", 2024)
        assert case["clock"]["due_on"] == case["due_on"]
        assert [step["implied"] for step in case["steps"]][:4] == [False, False, True, True]

    def test_promised_keys_stand_in_the_document(self, tmp_path: Path) -> None:
        text = (Path(__file__).resolve().parents[2] / "docs" / "domain" / "foi-cases.md").read_text(encoding="utf-8")
        (case,) = data(tmp_path, CASE)["cases"]
        assert [key for key in case if f".{key}`" not in text and f".{key}[]`" not in text] == []

    def test_a_corrected_day_of_service_tells_both_days(self, tmp_path: Path) -> None:
        served = CASE.replace("delivery: post", "delivery: in_person, served: 2024-04-19")
        right = "{on: 2024-04-22, to: 2024-04-18, reason: 回证看错, proof: 送达回证}"
        text = f"{served}  - service_corrected: {right}\n"
        (case,) = data(tmp_path, text)["cases"]
        assert (case["replied_on"], case["served_on"], case["overdue_days"]) == ("2024-04-18", "2024-04-18", 2)
        assert case["service_corrections"] == [
            {
                "before": "2024-04-19",
                "after": "2024-04-18",
                "replied_before": "2024-04-19",
                "replied_after": "2024-04-18",
                "on": "2024-04-22",
                "reason": "回证看错",
                "proof": "送达回证",
            }
        ]
        assert case["corrections"] == []
        told = replay(tmp_path, text).stdout
        assert "送达日期由2024-04-19更正为2024-04-18（2024-04-22，回证看错，凭证：送达回证）" in told
        assert "2024-04-22 更正送达日期 → 已送达" in told

    def test_layer_and_day_come_from_the_options_or_the_file(self, tmp_path: Path) -> None:
        text = "received: 2024-09-30\nchannel: 当面\n"
        (case,) = data(tmp_path, text, "--layer", "cn-360783", "--today", "2024-11-05")["cases"]
        assert (case["target_on"], case["due_on"], case["overdue_days"]) == ("2024-10-24", "2024-11-01", 2)
        (case,) = data(tmp_path, text + "today: 2024-11-04\n", "--today", "2024-11-05")["cases"]
        assert case["overdue_days"] == 1

    def test_an_unconfirmed_application_raises_an_alarm(self, tmp_path: Path) -> None:
        result = replay(tmp_path, "channel: 网络\n提交: 2024-03-01\ntoday: 2024-03-08\n")
        assert "收到申请之日未定" in result.stdout
        assert "【提醒】" in result.stdout
        (case,) = data(tmp_path, "channel: 网络\n提交: 2024-03-01\ntoday: 2024-03-08\n")["cases"]
        assert (case["receipt"]["alarm"], case["receipt"]["late_days"], case["clock"]) == (True, 4, None)

    def test_refusals_say_which_event_why_and_on_what_basis(self, tmp_path: Path) -> None:
        text = "received: 2024-03-01\nchannel: 当面\nextension: {on: 2024-04-01, by: 李主任}\n"
        result = replay(tmp_path, text)
        assert result.exit_code == 0
        assert "不接受：第3行 extension" in result.stdout
        assert "第三十三条第二款" in result.stdout
        (refusal,) = data(tmp_path, text)["cases"][0]["refusals"]
        assert (refusal["line"], refusal["event"], refusal["reasons"][0]["code"]) == (
            3,
            "extension",
            "foi.extension.after_due",
        )

    def test_days_are_listed_on_demand(self, tmp_path: Path) -> None:
        assert "2024-03-05 周二 第1个" in replay(tmp_path, CASE, "--days").stdout

    def test_several_files_and_standard_input(self, tmp_path: Path) -> None:
        file = tmp_path / "a.yaml"
        file.write_text("received: 2024-03-01\n", encoding="utf-8")
        result = CliRunner().invoke(foi, ["replay", str(file), "-", "--json"], input="received: 2024-03-04\n")
        assert [case["received_on"] for case in json.loads(result.stdout)["cases"]] == ["2024-03-01", "2024-03-04"]


class TestWords:
    def test_every_word_of_a_case_file_is_listed_with_its_other_names(self) -> None:
        result = CliRunner().invoke(foi, ["words"])
        assert result.exit_code == 0
        for line in (
            "consultation_sent  征求第三方意见",
            "in_person  当面",
            "granted_provide  予以公开（提供信息）",
            "due_on  due",
        ):
            assert line in result.stdout


class TestExitCodes:
    def test_expectations_that_are_not_met(self, tmp_path: Path) -> None:
        result = replay(tmp_path, CASE + "expect: {due_on: 2024-04-15, stage: 已办结}\n")
        assert result.exit_code == 1
        assert "预期 due_on：2024-04-15——不符，实际为2024-04-16" in result.stdout
        assert "预期 stage：已办结——相符" in result.stdout
        assert replay(tmp_path, CASE + "expect: {due_on: 2024-04-16, refusals: 0}\n").exit_code == 0

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "文件是空的"),
            ("received: 2024-03-01\nreplid: 2024-03-05\n", "第2行：不认识“replid”。是不是：replied"),
            ("received: 三月一日\n", "应是日期"),
            ("a: [\n", "YAML写法有错"),
            ("received: 1999-01-01\n", "还没有施行答复期限的规定"),
            ("received: 2024-03-01\nlayer: 火星\n", "没有“火星”这个层级"),
            ("received: 2199-12-20\nextension: {on: 2199-12-25, days: 3660}\n", ""),
        ],
    )
    def test_faults_are_chinese_sentences_with_a_line_and_never_a_traceback(
        self, tmp_path: Path, text: str, words: str
    ) -> None:
        result = replay(tmp_path, text)
        assert result.exit_code in ((0, 2) if not words else (2,))
        assert words in result.stderr
        assert result.exception is None or isinstance(result.exception, SystemExit)

    def test_faults_stand_in_the_json_too(self, tmp_path: Path) -> None:
        told = data(tmp_path, "received: 2024-03-01\nreplid: 2024-03-05\n")
        assert told["ok"] is False
        assert told["cases"] == []
        (fault,) = told["problems"]
        assert (fault["line"], fault["code"], fault["key"]) == (2, "foi.replay.key", "replid")

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"received: 2024\x00", b"\x80abc"])
    def test_what_is_no_text_is_said_so(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "x.yaml"
        file.write_bytes(content)
        result = CliRunner().invoke(foi, ["replay", str(file)])
        assert result.exit_code == 2
        assert "UTF-8" in result.stderr

    def test_missing_files_folders_and_bad_options(self, tmp_path: Path) -> None:
        for arguments in (
            [str(tmp_path / "无.yaml")],
            [str(tmp_path)],
            [str(tmp_path / "无.yaml"), "--layer", "火星"],
            [str(tmp_path / "无.yaml"), "--today", "今天"],
        ):
            result = CliRunner().invoke(foi, ["replay", *arguments])
            assert result.exit_code == 2
            assert result.stderr.startswith("错误：")


class TestPure:
    def test_neither_django_nor_a_database_is_touched(self, tmp_path: Path) -> None:
        file = tmp_path / "a.yaml"
        file.write_text(CASE, encoding="utf-8")
        program = (
            "import sys; from click.testing import CliRunner; from gongkai.cli.foi import foi;"
            f"r = CliRunner().invoke(foi, ['replay', {str(file)!r}]); assert r.exit_code == 0, r.output;"
            "print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')])"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"
