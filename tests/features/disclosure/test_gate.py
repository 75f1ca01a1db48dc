from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import CitedDocument, FileCheck, GateOverride, GateRun, Item, LinkCheck
from gongkai.features.disclosure.selectors import gate as selectors
from gongkai.features.disclosure.services import gate as services
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists.services import allowed_add, word_add
from tests.factories.world import NOW, World
from tests.features.disclosure.gate_samples import attachment, content, edit, item, paragraph
from tests.kernel.content.files import ID, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> World:
    settings.FILES_DIR = tmp_path / "files"
    return World()


@pytest.fixture
def drafter(world: World) -> Actor:
    return world.actor(Role.DRAFTER, world.finance)


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.finance)


def make(world: World, drafter: Actor, **more: Any) -> Item:
    from gongkai.kernel.accounts.models import User

    author = User.objects.get(pk=drafter.user_id)
    return item(world.finance, author, content(world.finance, **more))


def run(actor: Actor, made: Item) -> GateRun:
    return services.gate_run(actor=actor, item_id=made.pk, now=NOW)


def codes(found: GateRun) -> list[str]:
    return sorted(issue["code"] for issue in found.issues)


def problem(found: GateRun, code: str) -> dict[str, Any]:
    return next(issue for issue in found.issues if issue["code"] == code)


class TestRun:
    def test_clean_item_lacks_only_its_signatures(self, world: World, drafter: Actor) -> None:
        found = run(drafter, make(world, drafter))
        assert codes(found) == ["gate.route.not_opened"]
        assert not found.passed

    def test_every_problem_is_told_at_once(self, world: World, drafter: Actor) -> None:
        said = {
            "title": "中华人民共合国有关事项",
            "doc_no": "青府办2026",
            "issued_on": NOW.date() + timedelta(days=9),
            "body": (
                paragraph(f"张某，身份证号{ID}，<a href='http://10.0.0.8/a'>点击这里</a>。"),
                {"id": "pic", "type": "image", "value": {"sha256": "0" * 64, "alt": ""}},
            ),
        }
        found = run(drafter, make(world, drafter, **said))
        assert {
            "content.wording",
            "content.person.id_number",
            "gate.doc_no.form",
            "gate.date.issued_in_future",
            "gate.link.private_host",
            "gate.link.vague_text",
            "gate.attachment.gone",
            "gate.image.no_alt",
            "gate.route.not_opened",
        } <= set(codes(found))

    def test_the_number_itself_is_kept_nowhere(self, world: World, drafter: Actor) -> None:
        said = {
            "body": (paragraph(f"身份证号{ID}，{ID}"),),
            "attachments": (attachment(workbook(plant="sheet"), "名单.xlsx"),),
        }
        found = run(drafter, make(world, drafter, **said))
        kept = [str(found.issues), *(str(check.result) for check in FileCheck.objects.all())]
        assert "content.person.id_number" in codes(found)
        assert not any(ID in text for text in kept)

    def test_same_problem_keeps_its_key_through_an_edit_elsewhere(self, world: World, drafter: Actor) -> None:
        block = paragraph("座落于城东的仓库。", key="b1")
        made = make(world, drafter, body=(block,))
        before = problem(run(drafter, made), "content.wording")
        said = ItemContent.from_data(made.head.content)
        from dataclasses import replace

        edit(made, made.created_by, replace(said, body=(block, paragraph("另有通知。", key="b2"))))
        assert problem(run(drafter, made), "content.wording")["key"] == before["key"]

    def test_stranger_is_told_that_there_is_no_such_item(self, world: World, drafter: Actor) -> None:
        made = make(world, drafter)
        with pytest.raises(Refused) as refused:
            run(world.actor(Role.DRAFTER, world.east), made)
        assert refused.value.codes() == ["disclosure.item.not_found"]

    def test_operators_words_and_allowed_words_count(self, world: World, drafter: Actor) -> None:
        authority = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        made = make(world, drafter, body=(paragraph("青溪具人民政府设在青溪具城东。"),))
        assert "content.wording" not in codes(run(drafter, made))
        word_add(actor=authority, wrong="青溪具", right="青溪县", now=NOW)
        assert "content.wording" in codes(run(drafter, made))
        allowed_add(actor=authority, word="青溪具", reason="测试地名", now=NOW)
        assert "content.wording" not in codes(run(drafter, made))

    def test_words_of_one_unit_do_not_concern_another(self, world: World, drafter: Actor) -> None:
        authority = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        word_add(actor=authority, wrong="老办法", right="新办法", unit_id=world.east.pk, now=NOW)
        made = make(world, drafter, body=(paragraph("按老办法办理。"),))
        assert "content.wording" not in codes(run(drafter, made))
        word_add(actor=authority, wrong="老办法", right="新办法", unit_id=world.finance.pk, now=NOW)
        assert "content.wording" in codes(run(drafter, made))

    def test_run_is_on_the_record(self, world: World, drafter: Actor) -> None:
        made = make(world, drafter)
        found = run(drafter, made)
        entry = Entry.objects.filter(action="disclosure.gate.run", target_id=str(made.pk)).get()
        assert entry.details["digest"] == found.digest == made.head.digest
        assert found.versions["gate"] and found.versions["content"]

    @pytest.mark.parametrize("change", ["update", "delete"])
    def test_run_is_never_changed(self, world: World, drafter: Actor, change: str) -> None:
        found = run(drafter, make(world, drafter))
        rows = GateRun.objects.filter(pk=found.pk)
        with pytest.raises(Error, match="只能追加"), transaction.atomic():
            rows.update(passed=True) if change == "update" else rows.delete()


class TestLinksAndCitations:
    def test_link_that_did_not_answer_is_told_with_the_day(self, world: World, drafter: Actor) -> None:
        LinkCheck.objects.create(url="https://www.gov.cn/x", reachable=False, status=404, checked_at=NOW, due_at=NOW)
        made = make(world, drafter, body=(paragraph("<a href='https://www.gov.cn/x'>国务院文件</a>"),))
        found = problem(run(drafter, made), "gate.link.unreachable")
        assert not found["stops"]
        assert "2026-03-02" in found["sentence"]

    @pytest.mark.parametrize(
        ("url", "found"),
        [
            ("/units/", False),
            ("/nothing/like/this/", True),
            ("/admin/disclosure/items/", True),
            ("/info/3e0f25b0-0000-4000-8000-000000000000/", True),
        ],
    )
    def test_internal_link_leads_to_a_page(self, world: World, drafter: Actor, url: str, found: bool) -> None:
        made = make(world, drafter, body=(paragraph(f"<a href='{url}'>有关页面</a>"),))
        assert ("gate.link.leads_nowhere" in codes(run(drafter, made))) is found

    def test_cited_document_is_kept_for_later(self, world: World, drafter: Actor) -> None:
        made = make(world, drafter, body=(paragraph("根据《办法》（青府发〔2020〕3号）办理。"),))
        run(drafter, made)
        run(drafter, made)
        assert list(CitedDocument.objects.values_list("ref", flat=True)) == ["青府发〔2020〕3号"]


class TestOverride:
    def ask(
        self, actor: Actor, made: Item, code: str = "content.wording", reason: str = "引用历史文件原文"
    ) -> GateOverride:
        key = problem(run(actor, made), code)["key"]
        return services.override_ask(actor=actor, item_id=made.pk, key=key, reason=reason, now=NOW)

    def wrong(self, world: World, drafter: Actor) -> Item:
        return make(world, drafter, title="中华人民共合国有关事项")

    def test_two_persons_let_a_problem_pass(self, world: World, drafter: Actor, office: Actor) -> None:
        made = self.wrong(world, drafter)
        override = self.ask(drafter, made)
        assert [one.pk for one in selectors.overrides_waiting(actor=office)] == [override.pk]
        services.override_agree(actor=office, override_id=override.pk, now=NOW)
        found = run(drafter, made)
        assert problem(found, "content.wording")["overridden"]
        assert found.overridden == [override.key]
        assert not found.passed  # the signatures are still missing, and nobody can override that
        assert selectors.overrides_waiting(actor=office) == []

    def test_nobody_agrees_with_himself(self, world: World, office: Actor) -> None:
        made = self.wrong(world, office)
        override = self.ask(office, made)
        with pytest.raises(NotPermitted) as refused:
            services.override_agree(actor=office, override_id=override.pk, now=NOW)
        assert refused.value.codes() == ["gate.override.same_person"]
        assert selectors.overrides_waiting(actor=office) == []

    def test_database_holds_two_persons_against_whoever_writes(self, world: World, office: Actor) -> None:
        override = self.ask(office, self.wrong(world, office))
        with pytest.raises(Error, match="gateoverride_two_persons"), transaction.atomic():
            GateOverride.objects.filter(pk=override.pk).update(
                state="agreed", answered_by_id=office.user_id, answered_at=NOW
            )

    def test_an_answer_is_final(self, world: World, drafter: Actor, office: Actor) -> None:
        override = self.ask(drafter, self.wrong(world, drafter))
        services.override_refuse(actor=office, override_id=override.pk, note="请改正", now=NOW)
        with pytest.raises(Refused) as refused:
            services.override_agree(actor=office, override_id=override.pk, now=NOW)
        assert refused.value.codes() == ["gate.override.answered"]
        for change in ({"state": "agreed"}, {"reason": "别的理由"}):
            with pytest.raises(Error, match="只能由第二人答复一次"), transaction.atomic():
                GateOverride.objects.filter(pk=override.pk).update(**change)
        with pytest.raises(Error, match="只能由第二人答复一次"), transaction.atomic():
            GateOverride.objects.filter(pk=override.pk).delete()

    def test_refused_one_may_be_asked_again(self, world: World, drafter: Actor, office: Actor) -> None:
        made = self.wrong(world, drafter)
        override = self.ask(drafter, made)
        services.override_refuse(actor=office, override_id=override.pk, note="理由不足", now=NOW)
        assert self.ask(drafter, made, reason="补充了依据").pk != override.pk

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.FIRST_REVIEWER, Role.SYSTEM_ADMINISTRATOR, Role.SUPERVISOR])
    def test_other_roles_do_not_agree(self, world: World, drafter: Actor, role: Role) -> None:
        override = self.ask(drafter, self.wrong(world, drafter))
        with pytest.raises(NotPermitted):
            services.override_agree(actor=world.actor(role, world.finance), override_id=override.pk, now=NOW)

    @pytest.mark.parametrize("role", [Role.DISCLOSURE_OFFICE_HEAD, Role.UNIT_LEADER])
    def test_head_and_leader_may_agree(self, world: World, drafter: Actor, role: Role) -> None:
        override = self.ask(drafter, self.wrong(world, drafter))
        agreed = services.override_agree(actor=world.actor(role, world.finance), override_id=override.pk, now=NOW)
        assert agreed.state == "agreed"

    def test_job_asks_for_nothing(self, world: World, drafter: Actor) -> None:
        made = self.wrong(world, drafter)
        key = problem(run(drafter, made), "content.wording")["key"]
        with pytest.raises(NotPermitted):
            services.override_ask(actor=Actor.system("夜间任务"), item_id=made.pk, key=key, reason="自动", now=NOW)

    def test_what_law_asks_for_is_never_let_pass(self, world: World, drafter: Actor) -> None:
        made = make(world, drafter)
        key = problem(run(drafter, made), "gate.route.not_opened")["key"]
        with pytest.raises(Refused) as refused:
            services.override_ask(actor=drafter, item_id=made.pk, key=key, reason=" ", now=NOW)
        assert refused.value.codes() == ["gate.override.no_reason", "gate.override.never"]

    def test_problem_nobody_found_cannot_be_let_pass(self, world: World, drafter: Actor) -> None:
        made = make(world, drafter)
        run(drafter, made)
        with pytest.raises(Refused) as refused:
            services.override_ask(actor=drafter, item_id=made.pk, key="0" * 20, reason="试试", now=NOW)
        assert refused.value.codes() == ["gate.override.unknown"]

    def test_asking_twice_is_refused(self, world: World, drafter: Actor) -> None:
        made = self.wrong(world, drafter)
        self.ask(drafter, made)
        with pytest.raises(Refused) as refused:
            self.ask(drafter, made)
        assert refused.value.codes() == ["gate.override.asked_already"]

    def test_edit_voids_it(self, world: World, drafter: Actor, office: Actor) -> None:
        made = self.wrong(world, drafter)
        agreed, asked = self.ask(drafter, made), None
        services.override_agree(actor=office, override_id=agreed.pk, now=NOW)
        edit(made, made.created_by, content(world.finance, title="中华人民共合国其他事项"))
        assert not problem(run(drafter, made), "content.wording")["overridden"]
        asked = self.ask(drafter, made)
        edit(made, made.created_by, content(world.finance, title="中华人民共合国第三事项"))
        assert selectors.overrides_waiting(actor=office) == []
        with pytest.raises(Refused) as refused:
            services.override_agree(actor=office, override_id=asked.pk, now=NOW)
        assert refused.value.codes() == ["gate.override.edited"]

    def test_nothing_is_lit_that_is_not_public(self, world: World, drafter: Actor, office: Actor) -> None:
        override = self.ask(drafter, self.wrong(world, drafter))
        services.override_agree(actor=office, override_id=override.pk, now=NOW)
        assert selectors.overrides_lit(actor=office, at=timezone.now()) == []
