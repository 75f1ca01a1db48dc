"""The registry of action codes."""

from __future__ import annotations

import pytest

from gongkai.kernel.audit.actions import UnknownAction, action_label, action_labels, register_actions, require_action


class TestRegisterActions:
    def test_takes_the_same_code_twice(self) -> None:
        register_actions({"audittest.twice.add": "加"})
        register_actions({"audittest.twice.add": "加"})
        assert action_labels()["audittest.twice.add"] == "加"

    def test_refuses_another_label_for_a_code(self) -> None:
        register_actions({"audittest.twice.add": "加"})
        with pytest.raises(ValueError, match="registered already as 加"):
            register_actions({"audittest.twice.add": "减"})

    @pytest.mark.parametrize("code", ["single", "Upper.case.act", "a..b", "a.b.c.d.e", "a b.c", ""])
    def test_refuses_codes_of_another_form(self, code: str) -> None:
        with pytest.raises(ValueError, match="no action code"):
            register_actions({code: "某事"})

    def test_refuses_an_empty_label(self) -> None:
        with pytest.raises(ValueError, match="no label"):
            register_actions({"audittest.empty.act": ""})


def test_an_unknown_code_is_shown_as_it_is_and_not_recorded() -> None:
    assert action_label("audittest.gone.act") == "audittest.gone.act"
    with pytest.raises(UnknownAction):
        require_action("audittest.gone.act")
