"""Only services write to the database."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import Module, calls, modules

WRITES = {
    "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "save", "asave", "delete",
    "adelete", "update", "add", "set", "clear", "remove",
}  # fmt: skip
ONLY_ON_QUERYSETS = {"update", "add", "set", "clear", "remove", "delete", "create"}
QUERYSET_HINTS = (".objects.", ".filter()", ".exclude()", ".all()", ".select_for_update()", "_set.", ".groups.")

# Each entry says why a module outside services may write.
ALLOWED = {
    "src/gongkai/kernel/registers/models.py": "no write of its own",
}


def is_service(module: Module) -> bool:
    return any(part == "services" or part.startswith("services_") for part in module.parts)


def writes(module: Module) -> list[str]:
    found = []
    for node, name in calls(module):
        owner, _, method = name.rpartition(".")
        if method not in WRITES or owner.startswith("super()"):
            continue
        if method in ONLY_ON_QUERYSETS and not any(hint in f"{owner}." for hint in QUERYSET_HINTS):
            continue
        if method == "save" and node.args and not isinstance(node.args[0], ast.Constant):
            continue  # workbook.save(path), image.save(stream)
        if method == "save" and not (owner and owner[0].islower()):
            continue
        found.append(f"{module.name}:{node.lineno} {name}")
    return found


def outside_services() -> list[Module]:
    return [m for m in modules() if not is_service(m) and m.parts[0] in {"kernel", "features", "portal", "workbench"}]


class TestOnlyServicesWrite:
    @pytest.mark.parametrize("module", outside_services(), ids=lambda m: m.name)
    def test_module_outside_services_does_not_write(self, module: Module) -> None:
        assert writes(module) == [] or module.name in ALLOWED

    def test_check_finds_a_write(self) -> None:
        bad = ast.parse("def view(request):\n    Entry.objects.create(a=1)\n    item.save(update_fields=['a'])\n")
        module = Module(outside_services()[0].path, "bad.py", "", bad)
        assert writes(module) == ["bad.py:2 Entry.objects.create", "bad.py:3 item.save"]

    def test_check_leaves_dictionaries_alone(self) -> None:
        good = ast.parse("context.update(a=1)\nseen.add(3)\nworkbook.save(stream)\n")
        assert writes(Module(outside_services()[0].path, "good.py", "", good)) == []
