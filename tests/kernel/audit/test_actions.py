"""The registry of action codes."""

from __future__ import annotations

import ast
import importlib

import pytest
from tests.architecture.sources import modules

from gongkai.kernel.audit.actions import (
    FORM,
    UnknownAction,
    action_label,
    action_labels,
    register_actions,
    register_targets,
    require_action,
    target_label,
)


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


def recorded_codes() -> list[tuple[str, str]]:
    """(module, code) of every action that is written in the source as plain text in a call or an entry of many."""
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.keyword) and node.arg == "action":
                value = node.value
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                value = next((v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "action"), None)
            else:
                continue
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and FORM.fullmatch(value.value):
                found.append((module.name, value.value))
    return found


def test_every_code_recorded_in_the_source_is_registered() -> None:
    codes = recorded_codes()
    assert ("src/gongkai/kernel/clocks/services.py", "clocks.clock.start") in codes
    for name, _ in codes:
        importlib.import_module(name.removeprefix("src/").removesuffix(".py").replace("/", "."))
    assert [(name, code) for name, code in codes if code not in action_labels()] == []


class TestTargets:
    def test_have_a_name_or_show_their_code(self) -> None:
        register_targets({"audittest.thing": "物件"})
        assert target_label("audittest.thing") == "物件"
        assert target_label("audittest.unnamed") == "audittest.unnamed"

    def test_every_object_of_the_product_has_one(self) -> None:
        for kind in ("orgs.unit", "orgs.group", "accounts.user", "files.file", "workplans.item", "workplans.plan"):
            assert target_label(kind) != kind
