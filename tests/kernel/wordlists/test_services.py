from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from gongkai.domain.wording import Grade
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.content import check_text
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import services
from gongkai.kernel.wordlists.models import AllowedWord, LexiconEntry, WordlistState
from gongkai.kernel.wordlists.selectors import content_rules, leader_list, word_counts, word_list
from gongkai.kernel.wordlists.services import version
from tests.factories.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def authority(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


@pytest.fixture
def unit_office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.finance)


def found(text: str, *, unit_id: int | None = None, on: date = TODAY) -> list[tuple[str, str]]:
    report = check_text(text, rules=content_rules(on=on, unit_id=unit_id))
    return [(one.text, one.replacement) for one in report.findings]


def sheet(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestWords:
    def test_word_is_found_from_the_moment_it_is_added_until_it_is_ended(self, authority: Actor) -> None:
        assert found("龙南巿的工作") == []
        entry = services.word_add(actor=authority, wrong="龙南巿", right="龙南市", grade=Grade.L1, now=NOW)
        assert found("龙南巿的工作") == [("龙南巿", "龙南市")]
        services.word_end(actor=authority, word_id=entry.pk, now=NOW)
        assert found("龙南巿的工作") == []
        services.word_end(actor=authority, word_id=entry.pk, now=NOW)
        assert Entry.objects.filter(action__startswith="wordlists.word").count() == 2

    def test_word_holds_between_its_days(self, authority: Actor) -> None:
        since, until = TODAY, TODAY + timedelta(days=9)
        services.word_add(actor=authority, wrong="旧办法", right="新办法", from_on=since, until_on=until, now=NOW)
        days = [TODAY - timedelta(days=1), since, until, until + timedelta(days=1)]
        assert [bool(found("按旧办法办理", on=day)) for day in days] == [False, True, True, False]

    def test_exceptions_and_right_form_are_left_alone(self, authority: Actor) -> None:
        services.word_add(actor=authority, wrong="行政局", right="行政局机关", exceptions=["旧行政局"], now=NOW)
        assert found("行政局机关和旧行政局") == []
        assert found("行政局发文") == [("行政局", "行政局机关")]

    def test_everything_wrong_is_told_at_once(self, authority: Actor) -> None:
        services.word_add(actor=authority, wrong="错词语", now=NOW)
        with pytest.raises(Refused) as refused:
            services.word_add(
                actor=authority,
                wrong="错词语",
                right="错词语",
                exceptions=["别的"],
                from_on=TODAY,
                until_on=TODAY - timedelta(days=1),
                now=NOW,
            )
        assert refused.value.codes() == [
            "wordlists.word.same",
            "wordlists.word.exception",
            "wordlists.dates",
            "wordlists.word.known",
        ]

    def test_lexicon_that_would_be_too_large_is_refused(
        self, authority: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(version, "MOST_WORDS", version.ROOM)
        with pytest.raises(Refused) as refused:
            services.word_add(actor=authority, wrong="错词语", now=NOW)
        assert refused.value.codes() == ["wordlists.too_many"]

    def test_unknown_word_cannot_be_ended(self, authority: Actor) -> None:
        with pytest.raises(Refused):
            services.word_end(actor=authority, word_id=999_999, now=NOW)


class TestScopes:
    def test_words_of_a_unit_hold_there_alone(self, world: World, authority: Actor, unit_office: Actor) -> None:
        services.word_add(actor=authority, wrong="通用错词", now=NOW)
        services.word_add(actor=unit_office, wrong="本局错词", unit_id=world.finance.pk, now=NOW)
        text = "通用错词，本局错词。"
        assert [w for w, _ in found(text)] == ["通用错词"]
        assert [w for w, _ in found(text, unit_id=world.east.pk)] == ["通用错词"]
        assert [w for w, _ in found(text, unit_id=world.finance.pk)] == ["通用错词", "本局错词"]

    def test_allowed_word_of_a_unit_silences_there_alone(self, world: World, authority: Actor) -> None:
        assert found("座落") == [("座落", "坐落")]
        services.allowed_add(actor=authority, word="座落", reason="地名", unit_id=world.east.pk, now=NOW)
        assert found("座落", unit_id=world.east.pk) == []
        assert found("座落", unit_id=world.finance.pk) == [("座落", "坐落")]

    @pytest.mark.parametrize(
        ("role", "where", "common", "own", "other"),
        [
            (Role.DISCLOSURE_OFFICE, "office", True, True, True),
            (Role.DISCLOSURE_OFFICE_HEAD, "office", True, True, True),
            (Role.DISCLOSURE_OFFICE, "finance", False, True, False),
            (Role.DISCLOSURE_OFFICE_HEAD, "finance", False, True, False),
            (Role.DRAFTER, "finance", False, False, False),
            (Role.UNIT_LEADER, "finance", False, False, False),
            (Role.SYSTEM_ADMINISTRATOR, "office", False, False, False),
            (Role.SUPERVISOR, "office", False, False, False),
        ],
    )
    def test_who_keeps_which_list(
        self, world: World, role: Role, where: str, common: bool, own: bool, other: bool
    ) -> None:
        actor = world.actor(role, getattr(world, where))
        for number, (unit_id, allowed) in enumerate([(None, common), (world.finance.pk, own), (world.east.pk, other)]):
            word = f"错词{number}号"
            if allowed:
                services.word_add(actor=actor, wrong=word, unit_id=unit_id, now=NOW)
                services.allowed_add(actor=actor, word=word, reason="理由", unit_id=unit_id, now=NOW)
                continue
            with pytest.raises(NotPermitted):
                services.word_add(actor=actor, wrong=word, unit_id=unit_id, now=NOW)
            with pytest.raises(NotPermitted):
                services.allowed_add(actor=actor, word=word, reason="理由", unit_id=unit_id, now=NOW)
            with pytest.raises(NotPermitted):
                services.words_import(actor=actor, data=b"", name="a.txt", unit_id=unit_id, now=NOW)

    def test_word_of_another_unit_cannot_be_ended(self, world: World, authority: Actor, unit_office: Actor) -> None:
        entry = services.word_add(actor=authority, wrong="通用错词", now=NOW)
        with pytest.raises(NotPermitted):
            services.word_end(actor=unit_office, word_id=entry.pk, now=NOW)

    def test_visitor_sees_nothing(self, world: World) -> None:
        with pytest.raises(NotPermitted):
            word_list(actor=Actor.anonymous())


class TestAllowed:
    def test_context_allows_only_inside_it(self, authority: Actor) -> None:
        services.allowed_add(actor=authority, word="座落", context="座落村", reason="地名", now=NOW)
        assert found("座落村") == []
        assert found("座落于城东") == [("座落", "坐落")]

    def test_it_ends_after_its_day_and_by_hand(self, authority: Actor) -> None:
        allowed = services.allowed_add(actor=authority, word="座落", reason="暂时", until_on=TODAY, now=NOW)
        assert found("座落") == []
        assert found("座落", on=TODAY + timedelta(days=1))
        services.allowed_end(actor=authority, allowed_id=allowed.pk, now=NOW)
        assert found("座落")

    def test_same_word_again_is_the_same_row(self, authority: Actor) -> None:
        first = services.allowed_add(actor=authority, word="座落", reason="地名", now=NOW)
        assert services.allowed_add(actor=authority, word=" 座落 ", reason="再来", now=NOW).pk == first.pk
        assert AllowedWord.objects.count() == 1

    def test_everything_wrong_is_told_at_once(self, authority: Actor) -> None:
        with pytest.raises(Refused) as refused:
            services.allowed_add(actor=authority, word="座", context="别的", reason=" ", now=NOW)
        assert refused.value.codes() == ["wordlists.allowed.context", "wordlists.allowed.reason"]
        with pytest.raises(Refused) as refused:
            services.allowed_add(actor=authority, word="座", reason="一个字", now=NOW)
        assert refused.value.codes() == ["wordlists.allowed.short"]


class TestImport:
    ROWS = (
        ["错词", "正词", "级别", "类别"],
        ["龙南巿", "龙南市", "L1", "地名"],
        ["字", "", "", ""],
        ["帐号码", "账号码", "L9", ""],
        ["座落处", "坐落处", "", ""],
        ["座落处", "别的", "", ""],
    )

    def test_good_rows_are_taken_and_every_other_is_told(self, authority: Actor) -> None:
        report = services.words_import(actor=authority, data=sheet(list(self.ROWS)), name="词表.xlsx", now=NOW)
        assert (report.rows, report.added, report.refused_rows) == (4, 2, 2)
        assert sorted((i.where.line_from, i.code) for i in report.issues if i.where) == [
            (3, "wordlists.word.length"),
            (4, "wordlists.row.grade"),
            (6, "wordlists.row.twice"),
        ]
        assert found("龙南巿") == [("龙南巿", "龙南市")]

    def test_second_time_nothing_changes(self, authority: Actor) -> None:
        services.words_import(actor=authority, data=sheet(list(self.ROWS)), name="词表.xlsx", now=NOW)
        before = WordlistState.objects.get().version
        report = services.words_import(actor=authority, data=sheet(list(self.ROWS)), name="词表.xlsx", now=NOW)
        assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
        assert WordlistState.objects.get().version == before

    def test_changed_word_ends_the_old_entry(self, authority: Actor) -> None:
        services.words_import(actor=authority, data="龙南巿 => 龙南市".encode(), name="a.txt", now=NOW)
        report = services.words_import(actor=authority, data="龙南巿 => 龙南县 => L1".encode(), name="a.txt", now=NOW)
        assert (report.added, report.changed) == (0, 1)
        assert found("龙南巿") == [("龙南巿", "龙南县")]
        assert LexiconEntry.objects.filter(wrong="龙南巿").count() == 2

    def test_csv_with_commas_in_quotes(self, authority: Actor) -> None:
        data = '错词,正词,备注\n龙南巿,龙南市,"甲,乙"\n'.encode()
        services.words_import(actor=authority, data=data, name="a.csv", now=NOW)
        assert LexiconEntry.objects.get().note == "甲,乙"

    @pytest.mark.parametrize(
        ("data", "name", "code"),
        [
            (b"", "a.txt", "document.empty"),
            ("# 只有说明".encode(), "a.txt", "wordlists.import.empty"),
            (b"<html><body><p>1</p></body></html>", "a.html", "wordlists.import.format"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", None),
        ],
    )
    def test_file_that_is_no_list_is_refused(self, authority: Actor, data: bytes, name: str, code: str | None) -> None:
        with pytest.raises(Refused) as refused:
            services.words_import(actor=authority, data=data, name=name, now=NOW)
        assert code is None or refused.value.codes() == [code]

    def test_many_words(self, authority: Actor) -> None:
        lines = "\n".join(f"错{chr(0x4E00 + n // 100)}{chr(0x5000 + n % 100)}词" for n in range(5_000))
        report = services.words_import(actor=authority, data=lines.encode(), name="a.txt", now=NOW)
        assert report.added == 5_000
        assert word_counts(actor=authority)["all"] == 5_000
        word = f"错{chr(0x4E00 + 7)}{chr(0x5000 + 7)}词"
        assert found(f"有一个{word}在这里") == [(word, "")]


class TestLeaders:
    def add(self, actor: Actor, **more: Any) -> Any:
        given = {"name": "周石桥", "title": "副县长", "order": 4, "misspellings": ("周石乔",), "now": NOW, **more}
        return services.leader_add(actor=actor, **given)

    def test_table_is_searched_for(self, authority: Actor) -> None:
        assert found("副县长周石乔出席") == []
        leader = self.add(authority)
        assert found("副县长周石乔出席") == [("周石乔", "周石桥")]
        services.leader_change(actor=authority, leader_id=leader.pk, name="周石桥", title="县长", now=NOW)
        assert found("副县长周石乔出席") == []
        assert found("县长周石侨出席") == [("周石侨", "周石桥")]

    def test_who_has_left_is_not_in_office(self, authority: Actor) -> None:
        leader = self.add(authority, from_on=TODAY - timedelta(days=900))
        services.leader_end(actor=authority, leader_id=leader.pk, until_on=TODAY - timedelta(days=1), now=NOW)
        assert list(leader_list(actor=authority, on=TODAY)) == []
        assert [word for word, _ in found("副县长周石桥出席")] == ["副县长周石桥"]
        with pytest.raises(Refused):
            services.leader_end(actor=authority, leader_id=leader.pk, until_on=date(2000, 1, 1), now=NOW)

    def test_everything_wrong_is_told_at_once(self, authority: Actor) -> None:
        with pytest.raises(Refused) as refused:
            self.add(authority, name="周", title=" ", from_on=TODAY, until_on=date(2000, 1, 1), misspellings=("乔",))
        assert refused.value.codes() == [
            "wordlists.leader.name",
            "wordlists.leader.title",
            "wordlists.dates",
            "wordlists.leader.misspelling",
        ]

    def test_unit_office_keeps_no_leaders(self, unit_office: Actor) -> None:
        with pytest.raises(NotPermitted):
            self.add(unit_office)
