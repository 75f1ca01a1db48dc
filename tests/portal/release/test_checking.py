from __future__ import annotations

import os

import pytest

from gongkai.portal.release import checking
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.checking import BY_TURNS, Memory, release_check
from gongkai.portal.release.keys import signing_key
from gongkai.portal.release.tasks import release_mend
from tests.factories.disclosure import Bureau
from tests.portal.release.conftest import tree


@pytest.fixture
def released(bureau: Bureau, builder: Builder) -> Builder:
    bureau.published()
    builder.full()
    return builder


class TestCheck:
    def test_finds_nothing_wrong_after_a_build(self, released: Builder) -> None:
        checked = release_check(released.disk)
        assert checked.clean
        assert checked.files == len(tree(released.disk.site))

    def test_finds_and_mends_changed_lost_and_added_files(self, released: Builder) -> None:
        site = released.disk.site
        before = tree(site)
        (site / "index.html").write_bytes(before["index.html"].replace("政务".encode(), "赌博".encode()))
        (site / "robots.txt").unlink()
        (site / "info/evil.html").write_text("<script>")
        checked = release_check(released.disk)
        assert checked.findings.changed == ("index.html",)
        assert checked.findings.missing == ("robots.txt",)
        assert checked.findings.added == ("info/evil.html",)
        assert release_mend(released, checked).clean
        assert tree(site) == before

    def test_mends_one_part_without_rendering_the_others(
        self, released: Builder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rendered: list[object] = []
        original = released.render
        monkeypatch.setattr(released, "render", lambda part, moment: rendered.append(part) or original(part, moment))
        (released.disk.site / "info/index.html.gz").write_bytes(b"")
        assert release_mend(released, release_check(released.disk)).clean
        assert len(rendered) == 1

    @pytest.mark.parametrize("name", ["head.json", "head.sig", "shard"])
    def test_finds_and_mends_a_damaged_manifest(self, released: Builder, name: str) -> None:
        folder = released.disk.site / "release"
        place = next(folder.glob("???.json")) if name == "shard" else folder / name
        data = place.read_bytes()
        digit = next(one for one in b"0123456789" if one in data) if name != "head.sig" else data[-2]
        place.write_bytes(data.replace(bytes([digit]), bytes([digit ^ 1])))
        before = tree(released.disk.site)
        checked = release_check(Builder(released.disk.root, clock=released.clock).disk)
        assert not checked.clean
        again = Builder(released.disk.root, clock=released.clock)
        assert release_mend(again, release_check(again.disk)).clean
        assert tree(released.disk.site) == before

    def test_a_head_signed_with_another_key_does_not_count(self, released: Builder) -> None:
        (released.disk.root / "key").rename(released.disk.root / "old")
        assert not release_check(released.disk).signed


class TestMemory:
    def test_reads_only_what_has_moved_and_finds_what_was_changed(self, released: Builder) -> None:
        memory = Memory()
        every = release_check(released.disk, memory, by_turns=0)
        assert every.clean and every.files == len(tree(released.disk.site))
        assert release_check(released.disk, memory, by_turns=0).files == 0
        page = released.disk.site / "robots.txt"
        data, status = page.read_bytes(), page.stat()
        page.write_bytes(data.replace(b"U", b"u"))
        os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))  # as one who hides it would
        checked = release_check(released.disk, memory, by_turns=0)
        assert checked.findings.changed == ("robots.txt",)
        assert release_check(released.disk, memory, by_turns=0).findings.changed == ("robots.txt",)
        assert release_mend(released, checked, memory).clean
        (released.disk.site / "info/evil.html").write_text("<script>")
        (released.disk.site / "index.html").unlink()
        checked = release_check(released.disk, memory, by_turns=0)
        assert checked.findings.added == ("info/evil.html",)
        assert checked.findings.missing == ("index.html",)
        assert release_mend(released, checked, memory).clean

    def test_finds_a_change_that_left_no_mark_when_its_turn_comes(
        self, released: Builder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checking, "_mark", lambda status: (status.st_size,))
        memory = Memory()
        assert release_check(released.disk, memory).clean
        page = released.disk.site / "robots.txt"
        page.write_bytes(page.read_bytes().replace(b"U", b"u"))
        found = [release_check(released.disk, memory).findings.changed for _ in range(len(memory.sums) // BY_TURNS + 1)]
        assert ("robots.txt",) in found

    def test_looks_at_the_manifest_too(self, released: Builder) -> None:
        memory = Memory()
        assert release_check(released.disk, memory).clean
        next((released.disk.site / "release").glob("???.json")).write_bytes(b"{}")
        assert release_check(released.disk, memory).damaged


class TestKey:
    def test_is_for_its_owner_only_and_stays(self, released: Builder) -> None:
        path = released.disk.root / "key"
        assert os.stat(path).st_mode & 0o777 == 0o600
        assert signing_key(path).sign(b"x") == signing_key(path).sign(b"x")
