"""Asking about what was handed over: own applications only, in the applicant's words, with a cursor that misses nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, Stage
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors import handed
from gongkai.features.foi.services.actions import CASE, CASE_ACTIONS
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.features.foi.api.conftest import API, Sender

READ, LIST, EVENTS = "foi_applications_read", "foi_applications_list", "foi_events_list"


def answered(desk: Desk, application: Application, disposition: str = "granted_provide") -> None:
    day = desk.today
    for command, who in (
        (c.Accept(on=day), desk.clerk),
        (c.Consult(on=day, kind=ConsultationKind.THIRD_PARTY, ref="青溪建材有限公司"), desk.clerk),
        (
            c.AnswerConsultation(
                on=day, kind=ConsultationKind.THIRD_PARTY, ref="青溪建材有限公司", opinion=Opinion.CONSENTS
            ),
            desk.clerk,
        ),
        (c.Draft(on=day, disposition=disposition), desk.clerk),
        (c.Sign(on=day, signed_by="局长黄某"), desk.leader),
    ):
        desk.do(application, command, by=who)


class TestRead:
    def test_tells_the_stage_in_the_applicant_s_words_with_the_dates(self, sender: Sender) -> None:
        told = sender.send()
        read = sender.get(f"applications/{told['id']}/", READ)
        assert read == {key: told[key] for key in read}
        assert read["status"] == "已登记，正在审核" and read["course"][0]["words"].startswith("申请人提交申请")

    def test_the_result_stands_only_once_the_answer_is_out(self, sender: Sender) -> None:
        uid = sender.send()["id"]
        application = Application.objects.get()
        answered(sender.desk, application)
        before = sender.get(f"applications/{uid}/", READ)
        assert (before["stage"], before["result"], before["replied_on"]) == ("signed", None, None)
        sender.desk.do(application, c.Send(on=sender.desk.today, delivery=Delivery.ONLINE))
        after = sender.get(f"applications/{uid}/", READ)
        assert after["result"]["category_name"] == "予以公开"
        assert after["replied_on"] == sender.desk.today.isoformat()

    def test_names_nobody_of_the_house_no_third_party_and_nothing_of_the_applicant(self, sender: Sender) -> None:
        uid = sender.send()["id"]
        application = Application.objects.get()
        answered(sender.desk, application)
        pages = [
            sender.get(f"applications/{uid}/", READ),
            sender.get("applications/", LIST),
            sender.get("events/", EVENTS),
        ]
        for hidden in (NAME, NUMBER, PHONE, ADDRESS[:10], "学府路", "青溪建材", "局长黄某", sender.desk.clerk.name):
            assert hidden not in str(pages), hidden

    def test_what_another_system_handed_over_is_not_there(self, sender: Sender, connect: Callable[..., Sender]) -> None:
        uid = sender.send()["id"]
        other = connect("政务大厅")
        assert other.get(f"applications/{uid}/", READ, 404)["code"] == "api.nothing"
        assert other.get("applications/", LIST)["items"] == []
        assert other.get("events/", EVENTS)["items"] == []

    def test_nor_what_nobody_handed_over(self, sender: Sender) -> None:
        sender.desk.taken()
        assert sender.get("applications/", LIST)["items"] == []
        sender.get(f"applications/{uuid4()}/", READ, 404)


class TestList:
    def test_pages_go_on_without_losing_or_repeating(self, sender: Sender) -> None:
        sent = [sender.send(sender_no=f"N{n}")["id"] for n in range(5)]
        found, address = [], "applications/?limit=2"
        while address:
            page = sender.get(address.removeprefix(API), LIST)
            found += [one["id"] for one in page["items"]]
            address = (page["next"] or "").partition(API)[2]
        assert found == sent[::-1]

    def test_one_is_found_by_its_number(self, sender: Sender) -> None:
        for number in range(3):
            sender.send(sender_no=f"N{number}")
        [one] = sender.get("applications/", LIST, sender_no="N1")["items"]
        assert one["sender_no"] == "N1"

    @pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=-1", "unit=3", "limit=1&limit=2"])
    def test_wrong_parameters_are_told(self, sender: Sender, query: str) -> None:
        sender.get(f"applications/?{query}", LIST, 400)

    def test_costs_as_many_statements_with_many_as_with_one(self, sender: Sender) -> None:
        sender.send()
        sender.get("applications/", LIST)
        with CaptureQueriesContext(connection) as one:
            sender.get("applications/", LIST)
        for number in range(4):
            sender.send(sender_no=f"N{number}")
        with CaptureQueriesContext(connection) as five:
            sender.get("applications/", LIST)
        assert len(five) == len(one)


class TestEvents:
    def test_come_in_their_order_and_the_cursor_goes_on(self, sender: Sender) -> None:
        sender.send()
        first = sender.get("events/", EVENTS)
        assert [one["words"] for one in first["items"]][:1] == ["申请人提交申请（口头）"]
        assert sender.get("events/", EVENTS, since=first["cursor"])["items"] == []
        application = Application.objects.get()
        sender.desk.do(application, c.Accept(on=sender.desk.today))
        sender.desk.do(application, c.Extend(
            on=sender.desk.today, days=10, approved_by="负责人", approved_on=sender.desk.today
        ), by=sender.desk.head)  # fmt: skip
        second = sender.get("events/", EVENTS, since=first["cursor"])
        assert [one["words"] for one in second["items"]] == ["延长答复期限10个工作日"]
        assert second["items"][0]["due_on"] > first["items"][-1]["due_on"]
        assert int(second["cursor"]) > int(first["cursor"])

    def test_read_piece_by_piece_they_are_the_same(self, sender: Sender) -> None:
        for number in range(3):
            sender.send(sender_no=f"N{number}")
        whole = sender.get("events/", EVENTS)["items"]
        found, cursor, more = [], "0", True
        while more:
            page = sender.get("events/", EVENTS, since=cursor, limit=1)
            found += page["items"]
            cursor, more = page["cursor"], page["more"]
        assert found == whole and len(found) >= 9

    def test_steps_inside_the_house_move_the_cursor_on_and_are_not_told(self, sender: Sender) -> None:
        sender.send()
        cursor = sender.get("events/", EVENTS)["cursor"]
        sender.desk.do(Application.objects.get(), c.Accept(on=sender.desk.today))
        page = sender.get("events/", EVENTS, since=cursor)
        assert page["items"] == [] and page["cursor"] != cursor

    def test_a_cursor_from_elsewhere_is_told(self, sender: Sender) -> None:
        assert sender.get("events/", EVENTS, 400, since="999999999")["code"] == "foi.handing.cursor_ahead"

    def test_costs_as_many_statements_with_many_as_with_one(self, sender: Sender) -> None:
        sender.send()
        sender.get("events/", EVENTS)
        with CaptureQueriesContext(connection) as one:
            sender.get("events/", EVENTS)
        for number in range(4):
            sender.send(sender_no=f"N{number}")
        with CaptureQueriesContext(connection) as five:
            sender.get("events/", EVENTS)
        assert len(five) == len(one)

    def test_the_trail_is_read_by_the_names_it_has(self) -> None:
        assert handed.CASE == CASE
        assert CASE_ACTIONS[Verb.SUBMIT] == handed.SUBMITTED
        assert all(code.startswith(handed.ACTIONS) for code in CASE_ACTIONS.values())

    def test_every_stage_has_words(self) -> None:
        assert set(handed.STAGE_WORDS) == set(Stage) - {Stage.NEW}
