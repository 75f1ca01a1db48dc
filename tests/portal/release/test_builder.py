from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import OperationalError

from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.banners import banner_raise
from gongkai.features.disclosure.services.columns import column_save
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.services.changes import unit_rename
from gongkai.portal.models import ReleaseChange, Slot
from gongkai.portal.release import builder as building
from gongkai.portal.release.builder import Builder
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import SYSTEM
from tests.portal.release.conftest import Clock, tree


def full_elsewhere(tmp_path: Path, clock: Clock) -> dict[str, bytes]:
    """The tree of a whole build into another folder, from the same tables."""
    other = Builder(tmp_path / "other", clock=clock)
    other.full()
    return tree(other.disk.site)


def withdraw(bureau: Bureau, item: object, clock: Clock, **more: object) -> None:
    given = {"kind": "withdrawn", "reason": "内容需要核实", **more}
    publication_withdraw(actor=bureau.office, item_id=item.pk, now=clock(), **given)


class TestFull:
    def test_writes_every_public_page(self, bureau: Bureau, builder: Builder) -> None:
        item = bureau.published()
        builder.full()
        files = tree(builder.disk.site)
        for path in (
            "index.html", "robots.txt", "sitemap.xml", "sitemap/0.xml", "sitemap/1.xml", "info/index.html",
            "info/p/1/index.html", "info/columns/C01-3/index.html", "info/columns/C01/index.html",
            f"info/units/{bureau.unit.pk}/index.html", f"info/{item.uid}/index.html", f"info/{item.uid}/proof/index.html",
            "units/index.html", f"units/{bureau.unit.pk}/index.html", "plans/index.html", "audit/anchors/index.html",
            "audit/anchors/anchors.json", "display/theme/large-contrast.css", "display/banner/index.html",
            "static/design/css/tokens.css",
        ):  # fmt: skip
            assert path in files, path
        assert fresh(item).title in files["index.html"].decode()
        assert f"/info/{item.uid}/</loc>" in files["sitemap/1.xml"].decode()

    def test_pages_carry_nothing_personal(self, bureau: Bureau, builder: Builder) -> None:
        bureau.published()
        builder.full()
        pages = [data.decode() for path, data in tree(builder.disk.site).items() if path.endswith(".html")]
        assert len(pages) > 20
        assert [page for page in pages if "csrfmiddlewaretoken" in page or "<script>" in page or "style=" in page] == []

    def test_the_same_again_writes_no_file(self, bureau: Bureau, builder: Builder) -> None:
        bureau.published()
        builder.full()
        before = {path: path.stat().st_mtime_ns for path in builder.disk.site.rglob("*")}
        builder.full()
        assert {path: path.stat().st_mtime_ns for path in builder.disk.site.rglob("*")} == before

    def test_takes_away_what_belongs_to_nothing(self, bureau: Bureau, builder: Builder) -> None:
        builder.full()
        with builder.disk.alone():
            builder.disk.put({"left/over.html": b"x" * 2000})
            builder.disk.commit(built_at=builder.clock())
        builder.full()
        assert not (builder.disk.site / "left").exists()


class TestWhenNothingWorks:
    @pytest.mark.parametrize("error", [OperationalError("the database is gone"), ImportError("a broken upgrade")])
    def test_what_was_released_stays(
        self, bureau: Bureau, builder: Builder, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        bureau.published()
        builder.full()
        before = tree(builder.disk.site)

        def fail(*args: object, **more: object) -> None:
            raise error

        monkeypatch.setattr(building.parts, "part_files", fail)
        with pytest.raises((OperationalError, building.BuildFailed)):
            builder.full()
        assert tree(builder.disk.site) == before


class TestWhenOnePageFails:
    def test_a_change_of_it_is_left_to_django(
        self,
        bureau: Bureau,
        builder: Builder,
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        item = bureau.published()
        builder.full()
        monkeypatch.setattr(building.parts, "_item", lambda part, moment: 1 / 0)
        builder.full()
        assert (builder.disk.site / f"info/{item.uid}/index.html").exists()
        clock.forward(minutes=1)
        withdraw(bureau, item, clock)
        builder.step()
        assert not (builder.disk.site / f"info/{item.uid}").exists()
        assert fresh(item).title not in (builder.disk.site / "index.html").read_text()
        assert "could not be rendered" in caplog.text


class TestStep:
    def test_is_whole_the_first_time_and_then_only_what_changed(
        self, bureau: Bureau, builder: Builder, clock: Clock
    ) -> None:
        bureau.published()
        first = builder.step()
        assert first is not None and first.everything
        assert builder.step() is None
        item = bureau.published(now=clock.forward(minutes=1))
        built = builder.step()
        assert built is not None and not built.everything
        assert built.parts < 20
        assert fresh(item).title in (builder.disk.site / "index.html").read_text()
        assert not ReleaseChange.objects.filter(due_at__lte=clock()).exists()

    def test_what_is_withdrawn_is_gone_with_its_files(self, bureau: Bureau, builder: Builder, clock: Clock) -> None:
        item = bureau.draft()
        attachment_add(actor=bureau.drafter, item_id=item.pk, upload=b"a,b\n1,2\n", name="表.csv", now=clock())
        bureau.sign(bureau.circulate(bureau.decide(fresh(item))))
        publication_make(actor=bureau.office, item_id=item.pk, now=clock())
        builder.step()
        folder = builder.disk.site / f"info/{item.uid}"
        [file] = folder.glob("files/*/*")
        assert (file.name, file.read_bytes()) == ("表.csv", b"a,b\n1,2\n")
        clock.forward(minutes=1)
        withdraw(bureau, item, clock)
        builder.step()
        assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.html")) == [
            "gone.html",
            "proof/index.html",
        ]
        assert not list(folder.glob("files/*"))
        assert fresh(item).title not in (builder.disk.site / "info/index.html").read_text()

    def test_what_is_merged_leads_on(self, bureau: Bureau, builder: Builder, clock: Clock) -> None:
        item, target = bureau.published(), bureau.published()
        builder.step()
        clock.forward(minutes=1)
        withdraw(bureau, item, clock, kind="merged", redirect_to=target.pk)
        builder.step()
        moved = (builder.disk.site / f"info/{item.uid}/moved.html").read_text()
        assert f'content="0; url=/info/{target.uid}/?merged={item.uid}"' in moved

    def test_a_banner_changes_no_page_but_its_own(self, bureau: Bureau, builder: Builder, clock: Clock) -> None:
        bureau.published()
        builder.step()
        clock.forward(minutes=1)
        before = tree(builder.disk.site)
        banner_raise(
            actor=bureau.office, unit_id=bureau.unit.pk, level="red", title="河水上涨", expires_at=clock.now.replace(hour=23),
            now=clock(),
        )  # fmt: skip
        builder.step()
        after = tree(builder.disk.site)
        assert {path for path in after if after[path] != before.get(path) and path.endswith((".html", ".css"))} == {
            path for path in after if path.startswith("display/") and path.endswith((".html", ".css"))
        }
        assert "河水上涨" in after["display/banner/index.html"].decode()
        clock.now = clock.now.replace(hour=23, minute=30)
        builder.step()
        assert tree(builder.disk.site)["display/banner/index.html"] == before["display/banner/index.html"]

    def test_manifest_names_every_file_and_is_signed(self, bureau: Bureau, builder: Builder) -> None:
        bureau.published()
        builder.step()
        head = json.loads((builder.disk.site / "release/head.json").read_bytes())
        assert head["files"] == len(tree(builder.disk.site)) == len(builder.disk.entries())


class TestSameBytes:
    def test_a_long_history_in_steps_gives_what_a_whole_build_gives(
        self, bureau: Bureau, builder: Builder, clock: Clock, tmp_path: Path
    ) -> None:
        builder.step()
        items = [bureau.published() for _ in range(22)]
        builder.step()
        clock.forward(minutes=5)
        withdraw(bureau, items[3], clock)
        withdraw(bureau, items[4], clock, kind="error")
        builder.step()
        assert tree(builder.disk.site) == full_elsewhere(tmp_path, clock)
        clock.forward(minutes=5)
        withdraw(bureau, items[5], clock, kind="merged", redirect_to=items[6].pk)
        bureau.edit(items[7], title="换了标题的通知", columns=("C02",))
        bureau.sign(bureau.circulate(fresh(items[7])))
        publication_make(actor=bureau.office, item_id=items[7].pk, now=clock())
        builder.step()
        column_save(
            actor=bureau.world.actor(Role.DISCLOSURE_OFFICE, bureau.world.office),
            code="C01-3",
            name="改了名的栏目",
            now=clock(),
        )
        unit_rename(actor=SYSTEM, unit_id=bureau.unit.pk, name="青溪县财政和国资局", on=clock().date(), now=clock())
        builder.step()
        clock.forward(days=1)
        builder.step()
        withdraw(bureau, items[6], clock)
        builder.step()
        assert tree(builder.disk.site) == full_elsewhere(tmp_path, clock)
        assert Slot.objects.filter(shown=False).exists()
