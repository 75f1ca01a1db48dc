"""The key ring: made once, read again when it changes, rotated without losing anything; opening leaves a trace."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from tests.kernel.sealed.boxes import MAIL, NAME, Box, key_line, make_box

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.sealed import SealBroken, columns, key_ring, matching, selectors, services
from gongkai.kernel.sealed.keys import new_line, replace_lines, ring_of
from gongkai.kernel.sealed.values import SealMisuse

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLERK = Actor(user_id=7, name="经办人")


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_openings", {})
    columns.register_opening(
        "sealedtest.Box", target_type="sealedtest.box", may=lambda actor, box: actor.user_id == 7, unit_id=lambda box: 3
    )


class TestTheRing:
    def test_is_made_on_first_use_for_the_owner_only(self, keys_in_file: Path) -> None:
        made = key_ring()
        assert keys_in_file.stat().st_mode & 0o777 == 0o600
        assert key_ring() is made
        assert list(keys_in_file.parent.iterdir()) == [keys_in_file]

    def test_is_the_same_for_all_who_make_it_at_once(self, keys_in_file: Path) -> None:
        start, names = threading.Barrier(8), []

        def make() -> None:
            start.wait()
            names.append(key_ring().newest.name)

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(names)) == 1

    def test_tells_all_lines_that_cannot_be_read(self) -> None:
        lines = ["x", key_line("good", "a"), "ABCD:" + "A" * 44, key_line("good", "b"), "short:QUFB"]
        with pytest.raises(Refused) as refused:
            ring_of(lines)
        assert refused.value.codes() == [
            "sealed.key_unreadable",
            "sealed.key_unreadable",
            "sealed.key_twice",
            "sealed.key_unreadable",
        ]
        with pytest.raises(Refused) as empty:
            ring_of(["", " "])
        assert empty.value.codes() == ["sealed.no_key"]

    def test_shows_no_secret(self) -> None:
        assert "\\x" not in repr(ring_of([new_line()])) and "sealing" not in repr(ring_of([new_line()]))


@pytest.mark.usefixtures("boxes")
class TestRotation:
    def test_newest_seals_all_open_and_old_values_are_renewed(self, keys_in_file: Path) -> None:
        box = make_box()
        old = key_ring().newest.name
        new = services.key_add(actor=Actor.system("命令行"), now=NOW)
        later = make_box(name="王五", mail="w5@example.com")
        assert [str(one.name) for one in Box.objects.order_by("pk")] == ["欧**", "王**"]
        assert selectors.keys_in_use(tables=[Box]) == {old: 4, new: 4}
        assert Box.objects.get(**matching("mail_digest", MAIL, Box)) == box
        assert services.renew_seals(tables=[Box]) == 1
        assert services.renew_seals(tables=[Box]) == 0
        assert selectors.keys_in_use(tables=[Box]) == {new: 8}
        services.key_drop(actor=Actor.system("命令行"), name=old, now=NOW)
        again = Box.objects.get(**matching("mail_digest", MAIL, Box))
        assert (again, again.name.for_machine(), again.more.for_machine()) == (box, NAME, {"电话": "13800001111"})
        assert Box.objects.get(**matching("mail_digest", "w5@example.com", Box)) == later
        assert [entry.action for entry in Entry.objects.order_by("sequence")] == ["sealed.key.change"] * 2

    def test_value_of_a_lost_key_says_which_one(self, keys_in_file: Path) -> None:
        box = make_box()
        old = key_ring().newest.name
        replace_lines(keys_in_file, [key_line("other", "b")])
        with pytest.raises(SealBroken) as broken:
            Box.objects.get(pk=box.pk).name.for_machine()
        assert broken.value.codes() == ["sealed.key_missing"] and old in str(broken.value)
        assert selectors.keys_missing(tables=[Box]) == {old: 4}

    def test_another_key_of_the_same_name_opens_nothing(self, keys_in_file: Path) -> None:
        box = make_box()
        replace_lines(keys_in_file, [key_line(key_ring().newest.name, "b")])
        with pytest.raises(SealBroken) as broken:
            Box.objects.get(pk=box.pk).name.for_machine()
        assert broken.value.codes() == ["sealed.damaged"]

    def test_key_in_use_or_unknown_or_newest_is_not_dropped(
        self, keys_in_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_box()
        monkeypatch.setattr(services, "keys_in_use", lambda: selectors.keys_in_use(tables=[Box]))
        for name, codes in (
            (key_ring().newest.name, ["sealed.key_newest", "sealed.key_in_use"]),
            ("nokey", ["sealed.key_not_there"]),
        ):
            with pytest.raises(Refused) as refused:
                services.key_drop(actor=Actor.system("命令行"), name=name, now=NOW)
            assert refused.value.codes() == codes

    def test_keys_of_the_setting_are_changed_there(self) -> None:
        with pytest.raises(Refused) as refused:
            services.key_add(actor=Actor.system("命令行"), now=NOW)
        assert refused.value.codes() == ["sealed.keys_in_setting"]

    def test_counts_what_is_no_sealed_text(self) -> None:
        make_box(mail=None, number=None, more=None)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sealedtest_box SET name = '王五'")
        assert selectors.keys_missing(tables=[Box]) == {"": 1}


@pytest.mark.usefixtures("boxes", "opening")
class TestUnmask:
    def test_opens_and_writes_down_who_looked_at_what_and_why(self) -> None:
        box = make_box()
        assert services.unmask(actor=CLERK, row=box, field="name", reason=" 核对  身份 ", now=NOW) == NAME
        opened = services.unmask_all(actor=CLERK, row=box, fields=["mail", "more"], reason="联系申请人", now=NOW)
        assert opened == {"mail": MAIL, "more": {"电话": "13800001111"}}
        first, second = Entry.objects.order_by("sequence")
        assert (first.action, first.target_type, first.target_id, first.unit_id, first.actor_id) == (
            "sealed.value.unmask",
            "sealedtest.box",
            str(box.pk),
            3,
            7,
        )
        assert first.summary == "查看姓名，理由：核对 身份"
        assert second.details == {"fields": ["mail", "more"], "reason": "联系申请人"}
        assert not [secret for entry in (first, second) for secret in (NAME, MAIL) if secret in entry.summary]

    def test_is_for_those_whom_the_permission_says_and_asks_for_a_reason(self) -> None:
        box = make_box()
        with pytest.raises(NotPermitted):
            services.unmask(actor=Actor(user_id=8, name="他人"), row=box, field="name", reason="好奇心", now=NOW)
        for reason in (" ", "想", "长" * 201):
            with pytest.raises(Refused) as refused:
                services.unmask(actor=CLERK, row=box, field="name", reason=reason, now=NOW)
            assert refused.value.codes() == ["sealed.reason"]
        with pytest.raises(SealMisuse):
            services.unmask(actor=CLERK, row=box, field="uid", reason="核对身份", now=NOW)
        assert not Entry.objects.exists()

    def test_is_for_nobody_where_no_permission_was_registered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(columns, "_openings", {})
        with pytest.raises(NotPermitted):
            services.unmask(actor=Actor.system("任务"), row=make_box(), field="name", reason="核对身份", now=NOW)

    def test_permission_is_registered_once(self) -> None:
        with pytest.raises(ValueError, match="already"):
            columns.register_opening("sealedtest.box", target_type="other", may=lambda actor, box: True)
