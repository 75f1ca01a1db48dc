"""What an office sets up: versions by day, everything wrong told at once, its words in its letters, hidden from others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.office import OfficeEntry
from gongkai.domain.foi.remedies import IssuerKind, Role
from gongkai.features.foi import services
from gongkai.features.foi.models import OfficeFacts
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.office import facts_on, office_history, office_on, role_names, units_unset
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role as Post
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_text
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import Desk
from tests.factories.foi_office import CHANNEL, COURT, REPLY, entry, reply, set_up, signed
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db


def browser(world: World, role: Post, unit: Unit) -> Client:
    client = Client()
    client.force_login(world.person(role, unit))
    return client


class TestVersions:
    def test_each_change_is_a_version_with_who_and_when_and_an_entry_in_the_audit(self, desk: Desk) -> None:
        first = set_up(desk)
        second = set_up(desk, phone="0000-7654321")
        assert (first.number, second.number) == (1, 2)
        assert second.by_name == desk.head.name and second.at == moment(TODAY)
        told = [one.summary for one in Entry.objects.filter(action="foi.office.set").order_by("pk")]
        assert "第2版" in told[1] and "联系电话" in told[1] and "0000" not in told[1]
        history = office_history(office=office_on(unit=desk.unit, on=TODAY))
        assert [one.facts.number for one in history] == [2, 1]
        assert history[0].changed == ("联系电话",) and "基层人民法院" in history[1].changed

    def test_holds_from_its_day_on_and_no_earlier(self, desk: Desk) -> None:
        set_up(desk)
        later = TODAY + timedelta(days=30)
        moved = {Role.BASIC_COURT: "临州铁路运输法院", Role.REVIEW_CHANNEL: CHANNEL}
        services.office_save(
            actor=desk.head, unit_id=desk.unit.pk, entry=entry(names=moved), from_on=later, now=moment(TODAY)
        )
        assert office_on(unit=desk.unit, on=TODAY).entry.names[Role.BASIC_COURT] == COURT
        assert office_on(unit=desk.unit, on=later).entry.names[Role.BASIC_COURT] == "临州铁路运输法院"
        assert facts_on(unit_id=desk.unit.pk, on=TODAY - timedelta(days=1)) is None

    def test_everything_wrong_is_told_at_once_and_nothing_kept(self, desk: Desk) -> None:
        wrong = entry(
            names={Role.BASIC_COURT: "上一级主管部门"}, doc_code="青教〔2026〕", doc_pattern="{unit}公开{jahr}号"
        )
        with pytest.raises(Refused) as refused:
            services.office_save(
                actor=desk.head,
                unit_id=desk.unit.pk,
                entry=wrong,
                from_on=TODAY + timedelta(days=4000),
                now=moment(TODAY),
            )
        assert {
            "foi.office.name_unfit",
            "foi.office.doc_code",
            "registers.pattern.unknown",
            "registers.pattern.no_number",
            "foi.office.far_ahead",
        } <= set(refused.value.codes())
        assert not OfficeFacts.objects.exists()

    def test_the_same_again_is_no_version(self, desk: Desk) -> None:
        set_up(desk)
        with pytest.raises(Refused) as refused:
            set_up(desk)
        assert refused.value.codes() == ["foi.office.unchanged"]

    def test_only_the_office_of_the_unit_changes_it(self, desk: Desk, world: World) -> None:
        def save(actor: Actor) -> None:
            services.office_save(actor=actor, unit_id=desk.unit.pk, entry=entry(), from_on=TODAY, now=moment(TODAY))

        with pytest.raises(NotPermitted):
            save(desk.lawyer)
        with pytest.raises(NotFound):
            save(world.actor(Post.DISCLOSURE_OFFICE_HEAD, world.finance))
        with pytest.raises(NotFound):
            save(world.actor(Post.DISCLOSURE_OFFICE_HEAD, world.office))

    def test_a_village_needs_none(self, world: World) -> None:
        from tests.factories.world import SYSTEM

        with pytest.raises(Refused) as refused:
            services.office_save(
                actor=SYSTEM, unit_id=world.village.pk, entry=entry(), from_on=TODAY, now=moment(TODAY)
            )
        assert refused.value.codes() == ["foi.office.no_issuer"]


class TestRoles:
    def test_names_of_the_tree_are_known_and_the_others_missing(self, desk: Desk) -> None:
        known = {one.role: one for one in role_names(office=office_on(unit=desk.unit, on=TODAY), on=TODAY)}
        assert known[Role.OWN_GOVERNMENT].other == "青溪县人民政府" and not known[Role.OWN_GOVERNMENT].missing
        assert known[Role.BASIC_COURT].missing and known[Role.REVIEW_CHANNEL].missing
        assert not known[Role.UPPER_AUTHORITY].needed

    def test_another_kind_of_office_needs_other_names(self, desk: Desk) -> None:
        set_up(desk, issuer_kind=IssuerKind.JUSTICE)
        needed = {one.role for one in role_names(office=office_on(unit=desk.unit, on=TODAY), on=TODAY) if one.needed}
        assert needed == {Role.OWN_GOVERNMENT, Role.UPPER_JUSTICE, Role.BASIC_COURT, Role.REVIEW_CHANNEL}


class TestLetters:
    def test_carry_what_the_office_has_set_up(self, desk: Desk) -> None:
        set_up(desk)
        paper = reply(desk, signed(desk), delivery=Delivery.ONLINE)
        assert paper.file is not None
        words = letter_text(file_path(file=paper.file).read_bytes())
        assert COURT in words and CHANNEL in words and "青溪县人民政府申请行政复议" in words
        assert paper.letter_no == "青教体公复〔2026〕01号" in words
        assert "办公室 0000-1234567" in words and "青溪县学府路1号" in words

    def test_stay_as_they_were_when_the_office_changes(self, desk: Desk) -> None:
        set_up(desk)
        paper = reply(desk, signed(desk))
        before = paper.file.sha256 if paper.file else ""
        set_up(desk, names={Role.BASIC_COURT: "临州铁路运输法院", Role.REVIEW_CHANNEL: CHANNEL})
        paper.refresh_from_db()
        assert paper.file is not None and paper.file.sha256 == before

    def test_are_signed_under_one_of_the_names_of_the_office_only(self, desk: Desk) -> None:
        set_up(desk, other_names=("青溪县体育局",))
        application = signed(desk)
        with pytest.raises(Refused) as refused:
            reply(desk, application, issuer="青溪县财政局")
        assert refused.value.codes() == ["foi.office.issuer_name"]
        paper = reply(desk, application, issuer="青溪县体育局")
        assert paper.file is not None
        assert "青溪县体育局" in letter_text(file_path(file=paper.file).read_bytes())

    def test_an_office_may_be_reconsidered_by_itself_or_by_a_choice_of_two(self, desk: Desk) -> None:
        names = {Role.BASIC_COURT: COURT, Role.UPPER_JUSTICE: "临州市司法局", Role.REVIEW_CHANNEL: CHANNEL}
        set_up(desk, issuer_kind=IssuerKind.JUSTICE, names=names)
        paper = reply(desk, signed(desk))
        assert paper.file is not None
        assert "青溪县人民政府或者临州市司法局" in letter_text(file_path(file=paper.file).read_bytes())


class TestPages:
    @pytest.fixture
    def now_desk(self, world: World) -> Desk:
        return Desk(world, timezone.localdate())

    def test_the_board_and_the_letter_say_what_is_missing_and_lead_there(self, now_desk: Desk, world: World) -> None:
        clerk = browser(world, Post.DISCLOSURE_OFFICE, now_desk.unit)
        address = f"/admin/foi/settings/{now_desk.unit.pk}/"
        assert address in clerk.get("/admin/foi/").content.decode()
        application = signed(now_desk)
        page = clerk.get(f"/admin/foi/{application.pk}/letters/L10_granted/").content.decode()
        assert "基层人民法院" in page and address in page
        set_up(now_desk)
        assert "现在填写" not in clerk.get("/admin/foi/").content.decode()
        page = clerk.get(f"/admin/foi/{application.pk}/letters/L10_granted/").content.decode()
        assert "现在还不能制作" not in page and "政府信息公开专用章" in page
        answers = {**REPLY, "delivery": "post", "sealed": "on", "do": "write"}
        assert clerk.post(f"/admin/foi/{application.pk}/letters/L10_granted/", answers).status_code == 302

    def test_is_filled_in_shown_and_kept(self, now_desk: Desk, world: World) -> None:
        clerk = browser(world, Post.DISCLOSURE_OFFICE, now_desk.unit)
        address = f"/admin/foi/settings/{now_desk.unit.pk}/"
        assert clerk.get("/admin/foi/settings/").headers["Location"] == address
        page = clerk.get(address).content.decode()
        assert "还缺：基层人民法院、互联网行政复议渠道" in page
        answers = {"basic_court": COURT, "review_channel": CHANNEL, "from_on": timezone.localdate().isoformat()}
        wrong = clerk.post(address, {**answers, "doc_pattern": "{year}"})
        assert wrong.status_code == 422 and COURT in wrong.content.decode()
        shown = clerk.post(address, {**answers, "doc_code": "青教"}, follow=True).content.decode()
        assert "还缺" not in shown and "青教公开〔" in shown and "第 1 版" in shown

    def test_a_judge_of_the_unit_looks_and_changes_nothing(self, now_desk: Desk, world: World) -> None:
        lawyer = browser(world, Post.LEGALITY_REVIEWER, now_desk.unit)
        address = f"/admin/foi/settings/{now_desk.unit.pk}/"
        page = lawyer.get(address).content.decode()
        assert "保存为新版本" not in page
        assert lawyer.post(address, {"from_on": "2026-03-02"}).status_code == 403
        assert not OfficeFacts.objects.exists()

    def test_another_unit_finds_none(self, now_desk: Desk, world: World) -> None:
        other = browser(world, Post.DISCLOSURE_OFFICE_HEAD, world.office)
        for page in ("", "templates/", "templates/L01_receipt/", "answers/", "answers/new/?letter=L10_granted"):
            assert other.get(f"/admin/foi/settings/{now_desk.unit.pk}/{page}").status_code == 404


class TestUnset:
    def test_names_the_units_for_which_nothing_was_set_up(self, desk: Desk, world: World) -> None:
        assert units_unset(actor=desk.clerk, on=TODAY) == [desk.unit]
        assert units_unset(actor=desk.lawyer, on=TODAY) == []
        set_up(desk)
        assert units_unset(actor=desk.clerk, on=TODAY) == []

    def test_an_empty_entry_is_a_version_too(self, desk: Desk) -> None:
        facts = services.office_save(
            actor=desk.head, unit_id=desk.unit.pk, entry=OfficeEntry(), from_on=TODAY, now=moment(TODAY)
        )
        assert facts.number == 1 and office_on(unit=desk.unit, on=TODAY).contact_words == ""
