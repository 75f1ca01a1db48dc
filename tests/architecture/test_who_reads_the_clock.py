"""Only interfaces, the command line and jobs ask what time it is; everything below is told."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import Module, calls, dotted, modules

READERS = {"now", "today", "utcnow", "localdate", "localtime", "time", "time_ns", "monotonic"}
OWNERS = {"timezone", "datetime", "date", "time", "django.utils.timezone", "datetime.datetime", "datetime.date"}
BARE = {"localdate", "localtime", "Now", "CurrentDate"}
INTERFACES = {"staff", "public", "api", "tasks", "wagtail_hooks", "web", "views", "cli", "config", "management"}


def may_read(module: Module) -> bool:
    return bool(INTERFACES & set(module.parts)) or module.parts[0] in {"portal", "workbench", "design"}


def reads(module: Module) -> list[str]:
    found = []
    for node, name in calls(module):
        owner, _, function = name.rpartition(".")
        if (owner in OWNERS and function in READERS) or (not owner and function in BARE):
            needs_argument = function in {"localtime", "localdate"} and (node.args or node.keywords)
            if not needs_argument and not (owner == "time" and function == "monotonic"):
                found.append(f"{module.name}:{node.lineno} {name}()")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword):
            if node.arg in {"auto_now", "auto_now_add"}:
                found.append(f"{module.name}:{node.value.lineno} {node.arg}")
            if node.arg == "default" and dotted(node.value) in {"timezone.now", "date.today", "datetime.now"}:
                found.append(f"{module.name}:{node.value.lineno} default={dotted(node.value)}")
    return found


class TestOnlyInterfacesReadTheClock:
    @pytest.mark.parametrize("module", [m for m in modules() if not may_read(m)], ids=lambda m: m.name)
    def test_module_below_the_interfaces_is_told_the_time(self, module: Module) -> None:
        assert reads(module) == []

    def test_check_finds_each_way_of_asking(self) -> None:
        text = "timezone.now()\ndate.today()\nmodels.DateTimeField(auto_now_add=True)\nmodels.DateField(default=date.today)\n"
        module = Module(modules()[0].path, "bad.py", text, ast.parse(text))
        assert len(reads(module)) == 4
