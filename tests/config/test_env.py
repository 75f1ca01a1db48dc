"""Reading the environment variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.config.env import VARIABLES, BadEnvironment, Environment


class TestEnvironment:
    def test_gives_typed_defaults_when_nothing_is_set(self) -> None:
        env = Environment({})
        assert env["GONGKAI_PORT"] == 8000
        assert env["GONGKAI_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
        assert env["GONGKAI_HTTPS"] is False
        assert env["GONGKAI_HOME"] == Path("var").resolve()

    def test_every_default_can_be_read(self) -> None:
        env = Environment({})
        assert all(env[variable.name] is not None for variable in VARIABLES)

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("GONGKAI_PORT", " 9000 ", 9000),
            ("GONGKAI_HTTPS", "是", True),
            ("GONGKAI_HTTPS", "No", False),
            ("GONGKAI_HOSTS", "a.cn, b.cn,", ["a.cn", "b.cn"]),
            ("GONGKAI_HOME", "/srv/gongkai", Path("/srv/gongkai")),
        ],
    )
    def test_reads(self, name: str, text: str, value: object) -> None:
        assert Environment({name: text})[name] == value

    def test_names_all_wrong_values_at_once(self) -> None:
        with pytest.raises(BadEnvironment) as caught:
            Environment({"GONGKAI_PORT": "http", "GONGKAI_HTTPS": "maybe", "GONGKAI_PROT": "1", "OTHER": "x"})
        lines = str(caught.value).splitlines()
        assert len(lines) == 3
        assert "GONGKAI_PORT 应是一个整数" in lines[0]
        assert "GONGKAI_HTTPS 应是true 或 false" in lines[1]
        assert "没有名为 GONGKAI_PROT 的设置" in lines[2]
