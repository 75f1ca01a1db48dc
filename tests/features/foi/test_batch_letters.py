"""One text, a letter for each case: own number, addressee, days and remedies; numbers without gaps, none for the refused."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, BatchLine, BatchRun, CasePaper
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.services import batch_exports, batches
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_text
from gongkai.kernel.registers.selectors import number_last
from tests.factories.foi import Desk
from tests.factories.world import TODAY
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
TEXTS: dict[str, Any] = {"facts": "该信息由本机关制作", "provided": "环境影响评价批复复印件一份"}


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    found = Campaigning(desk)
    found.facts()
    return found


def values(**more: Any) -> dict[str, Any]:
    return {"code": "L10_granted", "on": TODAY.isoformat(), "texts": TEXTS, "delivery": "", "sealed": True, **more}


def drafted(kit: Campaigning, number: int) -> list[Application]:
    cases = kit.cases(number)
    kit.started(kit.step(cases, c.Draft(on=TODAY, disposition="granted_provide")))
    return cases


def written(kit: Campaigning, cases: list[Application], **more: Any) -> BatchRun:
    return kit.started(kit.ask(kit.pick(cases), "letter", values(**more)))


def papers(run: BatchRun) -> list[CasePaper]:
    lines = BatchLine.objects.filter(run=run, paper__isnull=False).select_related("paper__file").order_by("pk")
    return [line.paper for line in lines if line.paper]


def text_of(paper: CasePaper) -> str:
    assert paper.file is not None
    return letter_text(file_path(file=paper.file).read_bytes())


class TestLetters:
    def test_each_case_has_its_own_number_addressee_and_days_and_the_same_words(self, kit: Campaigning) -> None:
        cases = drafted(kit, 3)
        run = written(kit, cases)
        assert run.done == 3, kit.told(run)
        texts = [text_of(paper) for paper in papers(run)]
        for number, (case, words) in enumerate(zip(cases, texts, strict=True), start=1):
            assert case.applicant.name.for_machine() in words
            assert f"〔2026〕{number}号" in words
            assert TEXTS["provided"] in words and "青溪县人民法院" in words
        assert len({paper.letter_no for paper in papers(run)}) == 3

    def test_is_what_the_letter_of_one_case_would_be(self, kit: Campaigning) -> None:
        one, other = drafted(kit, 2)
        alone = services.letter_write(
            actor=kit.desk.clerk,
            application_id=one.pk,
            code="L10_granted",
            values={**TEXTS, "form": "电子版"},
            delivery=Delivery.POST,
            sealed=True,
            on=TODAY,
            now=kit.now,
        )
        (many,) = papers(written(kit, [other], delivery="post"))
        same = text_of(alone).replace(one.applicant.name.for_machine(), other.applicant.name.for_machine())
        same = same.replace("〔2026〕1号", "〔2026〕2号").replace(one.register_no, other.register_no)
        assert text_of(many).splitlines()[3:] == same.splitlines()[3:]
        assert (many.kind, many.letter, many.title) == (alone.kind, alone.letter, alone.title)

    def test_numbers_have_no_gaps_and_the_refused_take_none(self, kit: Campaigning) -> None:
        ready, not_yet = drafted(kit, 2), kit.cases(1)
        run = written(kit, [*ready, *not_yet])
        assert (run.done, run.refused) == (2, 1)
        assert number_last(series="foi.letter", year=2026, unit_id=kit.desk.unit.pk) == 2

    def test_a_case_that_has_it_already_gets_no_second_one(self, kit: Campaigning) -> None:
        cases = drafted(kit, 2)
        written(kit, cases[:1])
        run = kit.ask(kit.pick(cases), "letter", values())
        assert (run.passed, run.refused) == (1, 1)
        assert "不再重复制作" in kit.told(run)[cases[0].register_no]

    def test_without_a_seal_none_goes_out(self, kit: Campaigning) -> None:
        run = kit.ask(kit.pick(drafted(kit, 1)), "letter", values(sealed=False))
        assert (run.passed, run.refused) == (0, 1)

    def test_the_trial_takes_no_number_and_stores_no_file(self, kit: Campaigning) -> None:
        before = StoredFile.objects.count()
        run = kit.ask(kit.pick(drafted(kit, 2)), "letter", values())
        assert (run.passed, StoredFile.objects.count()) == (2, before)
        assert number_last(series="foi.letter", year=2026, unit_id=kit.desk.unit.pk) == 0

    def test_a_letter_that_is_none_stops_the_batch(self, kit: Campaigning) -> None:
        run = kit.ask(kit.pick(drafted(kit, 1)), "letter", values(code="L99_none"))
        assert (run.state, run.issues) == ("stopped", ["没有编号为“L99_none”的文书。"])

    def test_costs_as_many_statements_with_many_as_with_one(self, kit: Campaigning) -> None:
        written(kit, drafted(kit, 1))  # the first number of a year begins a register
        counted = []
        for number in (1, 6):
            run = kit.ask(kit.pick(drafted(kit, number)), "letter", values())
            with CaptureQueriesContext(connection) as queries:
                kit.started(run)
            counted.append(len(queries))
        assert counted[0] == counted[1]

    def test_chunks_go_on_with_the_next_number(self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "LETTERS", 2)
        run = written(kit, drafted(kit, 5))
        assert [paper.letter_no.rpartition("〕")[2] for paper in papers(run)] == [f"{n}号" for n in range(1, 6)]


class TestHandingOut:
    def taken(self, kit: Campaigning, run: BatchRun, kind: str, **more: Any) -> zipfile.ZipFile:
        asked = {"actor": kit.desk.clerk, "run_id": run.pk, "kind": kind, "now": kit.now, **more}
        return zipfile.ZipFile(BytesIO(b"".join(batch_exports.batch_letters(**asked)[1])))

    def test_an_archive_holds_a_file_a_letter_in_the_order_of_numbers(self, kit: Campaigning) -> None:
        cases = drafted(kit, 3)
        run = written(kit, cases)
        archive = self.taken(kit, run, "zip")
        assert archive.testzip() is None
        assert [name[:16] for name in archive.namelist()] == [
            f"{n:05d} {one.register_no} "[:16] for n, one in enumerate(cases, start=1)
        ]
        assert all(archive.read(name).startswith(b"PK") for name in archive.namelist())

    def test_files_for_printing_hold_the_letters_one_after_the_other(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch_exports, "VOLUME", 2)
        run = written(kit, drafted(kit, 3))
        archive = self.taken(kit, run, "print")
        assert archive.namelist() == ["第1至2份.docx", "第3至3份.docx"]
        words = letter_text(archive.read("第1至2份.docx"))
        assert "〔2026〕1号" in words and "〔2026〕2号" in words and "〔2026〕3号" not in words

    def test_is_on_record_and_for_those_who_handle_cases_alone(self, kit: Campaigning) -> None:
        run = written(kit, drafted(kit, 1))
        self.taken(kit, run, "zip")
        assert Entry.objects.get(action="foi.batch.letters").details == {"letters": 1, "kind": "zip"}
        with pytest.raises(NotPermitted):
            self.taken(kit, run, "zip", actor=kit.desk.lawyer)
        stranger = kit.desk.world.actor(Role.DISCLOSURE_OFFICE, kit.desk.world.finance)
        with pytest.raises(NotFound):
            self.taken(kit, run, "zip", actor=stranger)

    def test_of_a_batch_without_letters_there_is_none(self, kit: Campaigning) -> None:
        run = kit.step(kit.cases(1), c.Draft(on=TODAY, disposition="granted_provide"))
        with pytest.raises(Refused, match="没有可以下载的文书"):
            self.taken(kit, run, "zip")
