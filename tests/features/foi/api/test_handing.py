"""Handing applications over: once for each number, everything wrong told at once, the day of receipt as the rules have it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.domain.foi.model import Stage
from gongkai.features.foi.api.reading import delivered
from gongkai.features.foi.api.serializers import SentApplicant, SentApplication, SentFile
from gongkai.features.foi.models import Applicant, Application, CaseEvent, CasePaper, HandOver, LogObjection
from gongkai.features.foi.selectors.follow import followed
from gongkai.features.foi.services import sweeps
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import NAME, PHONE, Desk
from tests.features.foi.api.conftest import Sender

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


class TestHandOver:
    def test_a_record_read_back_is_registered_with_its_dates_and_their_computation(self, sender: Sender) -> None:
        told = sender.send()
        application = Application.objects.get()
        assert told["register_no"] == application.register_no
        assert (told["stage"], told["received_on"]) == ("checking", sender.desk.today.isoformat())
        assert told["due_on"] == application.due_on.isoformat() and told["trace"]
        assert followed(query_code=told["query_code"], today=sender.desk.today).application.pk == application.pk
        assert told["follow_url"].endswith("/apply/follow/") and told["repeated"] is False

    @pytest.mark.parametrize("channel", ["online", "email", "fax", "sent_to_wrong_unit"])
    def test_other_channels_wait_for_the_office_s_confirmation(self, sender: Sender, channel: str) -> None:
        told = sender.send(channel=channel)
        assert (told["stage"], told["received_on"], told["due_on"]) == ("submitted", None, None)
        assert Application.objects.get().channel == channel

    def test_a_record_that_the_applicant_has_not_confirmed_waits(self, sender: Sender) -> None:
        assert sender.send(confirmed=None)["stage"] == Stage.SUBMITTED.value

    def test_the_day_it_was_asked_there_stands_in_the_course_and_does_not_begin_the_period(
        self, sender: Sender
    ) -> None:
        asked = sender.desk.today - timedelta(days=3)
        told = sender.send(submitted_on=asked.isoformat())
        assert told["course"][0]["on"] == asked.isoformat()
        assert told["received_on"] == sender.desk.today.isoformat()

    def test_the_system_is_named_in_the_events_and_in_the_audit_trail(self, sender: Sender) -> None:
        sender.send()
        assert {row.by_name for row in CaseEvent.objects.all()} == {"接口（12345热线）"}
        entry = Entry.objects.get(action="foi.application.hand_over")
        assert entry.details == {"token": sender.issued.token.key} and entry.actor_kind == "system"
        assert NAME not in f"{entry.summary}{entry.details}"

    def test_a_wish_to_stay_out_of_the_log_of_answers_holds_from_the_beginning(self, sender: Sender) -> None:
        sender.send(no_log=True)
        objection = LogObjection.objects.get()
        assert objection.application == Application.objects.get()
        assert (objection.way, objection.by_name) == (LogObjection.Way.FORM.value, "接口（12345热线）")
        assert objection.said_on == sender.desk.today

    @pytest.mark.parametrize("said", [None, False])
    def test_without_one_nothing_is_noted(self, sender: Sender, said: bool | None) -> None:
        sender.send(no_log=said)
        assert not LogObjection.objects.exists()

    def test_papers_come_along_and_the_proof_lies_sealed(self, sender: Sender) -> None:
        applicant = {**sender.body()["applicant"], "id_number": ""}
        sender.send(
            applicant=applicant,
            identity={"name": "证件.png", "content": packed(PNG)},
            attachments=[{"name": "申请书.pdf", "content": packed(b"%PDF-1.4 x")}],
        )
        proof, paper = CasePaper.objects.select_related("file").order_by("kind", "pk")[::-1]
        assert (proof.kind, proof.sealed, paper.kind) == ("identity", True, "application")
        assert "证件" not in proof.file.name and paper.title == "申请书.pdf"

    def test_an_organization_asks(self, sender: Sender) -> None:
        firm = {
            "kind": "business",
            "name": "青溪建材",
            "org_code": "91360721MA",
            "representative": "王",
            "phone": PHONE,
        }
        sender.send(applicant=firm, wanted_form="electronic", wanted_delivery="online")
        assert Applicant.objects.get().kind == "business"

    def test_the_office_is_told_whatever_the_stage(self, sender: Sender) -> None:
        sender.send()
        sweeps.submission_tell(application_id=Application.objects.get().pk, now=timezone.now())
        told = {f"{one.title}{one.body}" for one in Notice.objects.all()}
        assert len(told) == 1 and "移交" in (words := told.pop())
        assert NAME not in words and "学府路" not in words


class TestRepeated:
    def test_the_same_delivery_makes_no_second_case_and_gets_the_same_answer(self, sender: Sender) -> None:
        first = sender.send()
        again = sender.send(status=200)
        assert again == {**first, "repeated": True}
        assert (Application.objects.count(), HandOver.objects.count()) == (1, 1)

    def test_also_with_another_token_of_the_system(self, sender: Sender) -> None:
        first = sender.send()
        sender.renewed()
        assert sender.send(status=200)["id"] == first["id"]

    def test_the_order_of_members_is_nothing(self, sender: Sender) -> None:
        sender.send()
        sender.post(dict(reversed(sender.body().items())), 200)

    def test_the_same_number_with_other_content_is_a_conflict(self, sender: Sender) -> None:
        sender.send()
        told = sender.send(status=409, subject="别的文件")
        assert told["code"] == "foi.handing.number_used"
        sender.send(status=409, no_log=True)
        assert Application.objects.count() == 1

    def test_numbers_of_another_system_are_its_own(self, sender: Sender, connect: Callable[..., Sender]) -> None:
        sender.send()
        assert connect("政务大厅").send()["register_no"].endswith("-0002")

    def test_what_was_refused_may_be_sent_mended(self, sender: Sender) -> None:
        sender.send(status=400, subject="")
        sender.send()


class TestRefused:
    def test_everything_is_told_at_once_by_its_place(self, sender: Sender) -> None:
        told = sender.post(
            {
                "sender_no": "工单 1",
                "unit": 999_999,
                "channel": "in_person",
                "submitted_on": "2019-01-01",
                "confirmed": "是",
                "no_log": "是",
                "applicant": {"kind": "natural_person", "name": "", "email": "x@", "nickname": "老李"},
                "subject": "甲" * 201,
                "wanted_form": "paper",
                "wanted_delivery": "online",
                "identity": {"name": "a.exe", "content": packed(PNG)},
                "attachments": [{"name": "b.png", "content": packed(b"MZ" + b"\x00" * 30)}, {"content": "%%"}],
            },
            400,
        )
        assert {(one["field"], one["code"]) for one in told["errors"]} == {
            ("sender_no", "foi.handing.sender_no"),
            ("unit", "foi.handing.unit"),
            ("channel", "api.member.choice"),
            ("submitted_on", "api.member.day"),
            ("confirmed", "api.member.flag"),
            ("no_log", "api.member.flag"),
            ("applicant.name", "foi.intake.name"),
            ("applicant.email", "foi.handing.email"),
            ("applicant.nickname", "api.member.unknown"),
            ("subject", "api.member.long"),
            ("description", "foi.intake.description"),
            ("wanted_form", "foi.intake.online_is_electronic"),
            ("identity.name", "foi.paper.ending"),
            ("attachments[0].content", "foi.paper.disguised"),
            ("attachments[1].name", "api.member.missing"),
            ("attachments[1].content", "api.member.base64"),
        }
        assert told["code"] == "api.parameters" and Application.objects.count() == 0

    def test_the_law_s_own_wants_are_told_like_on_the_form(self, sender: Sender) -> None:
        told = sender.send(status=400, applicant={"kind": "natural_person", "name": NAME})
        assert {one["field"] for one in told["errors"]} == {
            "applicant.id_number",
            "applicant.phone",
            "applicant.address",
        }

    def test_a_sentence_does_not_say_again_what_was_sent(self, sender: Sender) -> None:
        told = sender.send(status=400, applicant={"kind": "x", "name": NAME, "phone": PHONE, "id_number": "1" * 50})
        assert NAME not in str(told) and PHONE not in str(told)

    @pytest.mark.parametrize("body", [[], "x", 3, None], ids=range(4))
    def test_what_is_no_object_is_refused(self, sender: Sender, body: Any) -> None:
        sender.post(body, 400)

    def test_other_types_and_too_much(self, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
        form = sender.client.post(
            "/api/v1/foi/applications/", sender.body(), headers=sender.headers, content_type="text/xml"
        )
        sender.checked(form, "foi_applications_hand_over", 415)
        monkeypatch.setattr("gongkai.features.foi.api.views.MOST_BODY", 100)
        sender.send(status=413)

    def test_a_village_takes_none(self, sender: Sender) -> None:
        sender.send(status=400, unit=sender.desk.world.village.pk)

    def test_a_system_of_one_unit_hands_over_to_it_alone(self, desk: Desk, connect: Callable[..., Sender]) -> None:
        own = connect("教体局公众号", unit_id=desk.unit.pk)
        own.send()
        own.send(status=400, sender_no="2", unit=desk.world.finance.pk)
        assert [one["id"] for one in own.get("units/", "foi_units_list")["items"]] == [desk.unit.pk]

    def test_the_service_holds_the_bound_too(self, desk: Desk, connect: Callable[..., Sender]) -> None:
        from gongkai.features.foi.services.handing import application_hand_over
        from gongkai.kernel.tokens.selectors import bearer_get

        own = connect("教体局公众号", unit_id=desk.unit.pk)
        bearer = bearer_get(written=own.issued.written, today=desk.today)
        sent = delivered(own.body(unit=desk.world.finance.pk), units={desk.world.finance.pk}, today=desk.today)
        with pytest.raises(Refused) as refused:
            application_hand_over(
                bearer=bearer,
                sender_no=sent.sender_no,
                unit_id=sent.unit_id,
                channel=sent.channel,
                person=sent.person,
                request=sent.request,
                submitted_on=sent.submitted_on,
                confirmed=True,
                content=sent.content,
                now=timezone.now(),
            )
        assert refused.value.codes() == ["foi.handing.unit"]


class TestForms:
    def test_the_document_names_exactly_the_members_that_are_read(self, sender: Sender) -> None:
        told = sender.post({"applicant": {"?": 1}, "identity": {"?": 1}, "?": 1}, 400)
        known = {
            one["field"].rpartition(".")[0]: set(one["message"].split("：")[1].rstrip("。").split("、"))
            for one in told["errors"]
            if one["code"] == "api.member.unknown"
        }
        assert known == {
            "": set(SentApplication().fields),
            "applicant": set(SentApplicant().fields),
            "identity": set(SentFile().fields),
        }
