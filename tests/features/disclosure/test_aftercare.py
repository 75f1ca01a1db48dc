"""After publication: review days, reviews of validity, reassessment of what is withheld."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.domain.items.validity import Validity, add_months
from gongkai.features.disclosure.models import AttributeDecision, Item, Reassessment, ValidityReview
from gongkai.features.disclosure.selectors.public_items import PublicItem, public_item_get
from gongkai.features.disclosure.selectors.reviews import reassessment_list, review_list, review_months
from gongkai.features.disclosure.selectors.validity import public_facts, public_validity
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.reviews import item_reassess, review_plan, validity_review
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM, TODAY, World

NORMATIVE = {"kind": "normative_document", "doc_no": "青财字〔2026〕3号", "effective_on": TODAY}


def public(item: Item) -> PublicItem:
    found = public_item_get(uid=item.uid, at=NOW + timedelta(minutes=5))
    assert isinstance(found, PublicItem)
    return found


class TestReviewPlan:
    def test_sets_the_day_by_the_period_of_the_kind(self, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE)
        months = review_months(kind="normative_document")
        assert months is not None
        assert review_plan(actor=SYSTEM, item_id=item.pk, now=NOW) == add_months(TODAY, months)
        assert fresh(item).review_on == add_months(TODAY, months)

    def test_looks_on_the_day_after_it_lapses(self, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE, expires_on=TODAY + timedelta(days=30))
        assert review_plan(actor=SYSTEM, item_id=item.pk, now=NOW) == TODAY + timedelta(days=31)

    def test_plans_nothing_for_what_is_not_public(self, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE)
        review_plan(actor=SYSTEM, item_id=item.pk, now=NOW)
        later = NOW + timedelta(minutes=1)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="有误", now=later)
        assert review_plan(actor=SYSTEM, item_id=item.pk, now=later) is None
        assert fresh(item).review_on is None

    def test_twice_writes_one_entry(self, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE)
        for _ in range(2):
            review_plan(actor=SYSTEM, item_id=item.pk, now=NOW)
        assert Entry.objects.filter(action="disclosure.item.plan_review", target_id=str(item.pk)).count() == 1


class TestValidityReview:
    @pytest.fixture
    def item(self, bureau: Bureau) -> Item:
        item = bureau.published(**NORMATIVE, expires_on=TODAY + timedelta(days=10))
        review_plan(actor=SYSTEM, item_id=item.pk, now=NOW)
        return fresh(item)

    def review(self, bureau: Bureau, item: Item, outcome: str, **more: object) -> ValidityReview:
        given = {"actor": bureau.office, "note": "由青财字〔2026〕9号废止。", "now": NOW, **more}
        return validity_review(item_id=item.pk, outcome=outcome, **given)  # type: ignore[arg-type]

    def test_a_repeal_is_read_by_the_public_and_ends_the_reviews(self, bureau: Bureau, item: Item) -> None:
        other = bureau.published(title="关于废止有关文件的决定")
        self.review(bureau, item, "repealed", instead_id=other.pk)
        assert fresh(item).review_on is None
        shown = public_validity(item=public(item), on=TODAY)
        assert shown is not None
        assert (shown.state, shown.instead_title) == (Validity.REPEALED, "关于废止有关文件的决定")
        assert "青财字〔2026〕9号" in shown.note

    def test_what_replaces_it_is_not_named_before_it_is_public(self, bureau: Bureau, item: Item) -> None:
        other = bureau.draft(title="尚未公开的文件")
        self.review(bureau, item, "repealed", instead_id=other.pk)
        shown = public_validity(item=public(item), on=TODAY)
        assert shown is not None
        assert (shown.instead_uid, shown.instead_title) == ("", "")

    def test_what_goes_on_is_looked_at_again(self, bureau: Bureau, item: Item) -> None:
        review = self.review(bureau, item, "in_force", note="")
        assert review.due_on == TODAY + timedelta(days=11)
        assert fresh(item).review_on == review.next_on == TODAY + timedelta(days=11)

    @pytest.mark.parametrize(
        ("outcome", "note", "codes"),
        [
            ("repealed", " ", ["disclosure.review.note_missing"]),
            ("gone", "", ["disclosure.review.outcome"]),
        ],
    )
    def test_says_what_is_missing(self, bureau: Bureau, item: Item, outcome: str, note: str, codes: list[str]) -> None:
        with pytest.raises(Refused) as refused:
            self.review(bureau, item, outcome, note=note)
        assert refused.value.codes() == codes

    def test_refuses_what_is_not_public(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            self.review(bureau, bureau.approved(), "in_force")
        assert refused.value.codes() == ["disclosure.review.not_public"]

    @pytest.mark.parametrize("role", [Role.FIRST_REVIEWER, Role.PROOFREADER, Role.SUPERVISOR, Role.UNIT_LEADER])
    def test_is_for_those_who_write(self, bureau: Bureau, item: Item, role: Role) -> None:
        with pytest.raises(NotPermitted):
            self.review(bureau, item, "in_force", actor=bureau.people[role])


class TestReviewList:
    def test_lists_what_is_due_the_longest_overdue_first(self, bureau: Bureau) -> None:
        days = [5, -40, 400]
        items = []
        for number, days_on in enumerate(days):
            item = bureau.published(**{**NORMATIVE, "doc_no": f"青财字〔2026〕{number + 1}号"})
            Item.objects.filter(pk=item.pk).update(review_on=TODAY + timedelta(days=days_on))
            items.append(item)
        rows = review_list(actor=bureau.office, today=TODAY)
        assert [row.id for row in rows] == [items[1].pk, items[0].pk]
        assert rows[0].overdue_days == 40
        assert len(review_list(actor=bureau.office, today=TODAY, everything=True)) == 3

    def test_another_unit_sees_nothing_of_it(self, world: World, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE)
        Item.objects.filter(pk=item.pk).update(review_on=TODAY)
        assert review_list(actor=world.actor(Role.DISCLOSURE_OFFICE, world.justice), today=TODAY) == []


class TestPublicFacts:
    def test_stand_in_the_order_of_the_directory_without_empty_ones(self, bureau: Bureau) -> None:
        item = bureau.published(**NORMATIVE)
        labels = [label for label, _ in public_facts(item=public(item))]
        assert labels[:3] == ["索引号", "文号", "发布机构"]
        assert "有效期至" not in labels

    def test_a_notice_without_end_has_no_validity(self, bureau: Bureau) -> None:
        assert public_validity(item=public(bureau.published()), on=TODAY) is None


class TestReassessment:
    NEXT_YEAR = NOW.replace(year=2027)

    def on_file(self, bureau: Bureau, attribute: str = "withheld") -> Item:
        return bureau.approved(attribute)

    def test_is_due_a_year_after_the_decision(self, bureau: Bureau) -> None:
        item = self.on_file(bureau)
        [row] = reassessment_list(actor=bureau.office, today=TODAY, due_only=False)
        assert (row.id, row.due_on, row.overdue_days) == (item.pk, date(2027, 3, 2), 0)
        assert reassessment_list(actor=bureau.office, today=TODAY) == []
        [row] = reassessment_list(actor=bureau.office, today=date(2027, 3, 12))
        assert (row.overdue_days, row.light) == (10, "red")

    def test_keeping_begins_a_new_year(self, bureau: Bureau) -> None:
        item = self.on_file(bureau)
        item_reassess(actor=bureau.office, item_id=item.pk, outcome="keep", reason="理由仍然存在。", now=self.NEXT_YEAR)
        [row] = reassessment_list(actor=bureau.office, today=date(2027, 3, 2), due_only=False)
        assert row.due_on == date(2028, 3, 2)
        assert row.last_outcome == "维持原属性"
        assert fresh(item).state == Item.State.ON_FILE

    def test_what_becomes_proactive_starts_again_and_is_not_public(self, bureau: Bureau) -> None:
        item = self.on_file(bureau)
        item_reassess(
            actor=bureau.office,
            item_id=item.pk,
            outcome="proactive",
            reason="事项已经办结。",
            grounds=["art19"],
            note="按规定办理。",
            now=self.NEXT_YEAR,
        )
        item = fresh(item)
        assert (item.attribute, item.state) == ("proactive", Item.State.DRAFTING)
        assert public_item_get(uid=item.uid, at=self.NEXT_YEAR + timedelta(days=1)) is None
        assert AttributeDecision.objects.filter(item=item, reassessed=True).count() == 1
        assert Reassessment.objects.get(item=item).due_on == date(2027, 3, 2)

    @pytest.mark.parametrize(
        ("arguments", "codes"),
        [
            ({"outcome": "withheld", "reason": "x"}, ["disclosure.reassess.outcome"]),
            ({"outcome": "keep", "reason": "  "}, ["disclosure.reassess.reason_missing"]),
            (
                {"outcome": "", "reason": ""},
                ["disclosure.reassess.outcome", "disclosure.reassess.reason_missing"],
            ),
            ({"outcome": "proactive", "reason": "x", "grounds": []}, ["disclosure.ground.missing"]),
        ],
    )
    def test_refuses_with_every_reason_and_changes_nothing(
        self, bureau: Bureau, arguments: dict[str, object], codes: list[str]
    ) -> None:
        item = self.on_file(bureau)
        with pytest.raises(Refused) as refused:
            item_reassess(actor=bureau.office, item_id=item.pk, now=self.NEXT_YEAR, **arguments)  # type: ignore[arg-type]
        assert refused.value.codes() == codes
        assert fresh(item).attribute == "withheld"
        assert not Reassessment.objects.exists()

    def test_is_for_what_is_on_file(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            item_reassess(actor=bureau.office, item_id=bureau.published().pk, outcome="keep", reason="x", now=NOW)
        assert "disclosure.reassess.not_on_file" in refused.value.codes()

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.FIRST_REVIEWER, Role.SUPERVISOR, Role.UNIT_LEADER])
    def test_is_for_the_disclosure_office(self, bureau: Bureau, role: Role) -> None:
        item = self.on_file(bureau)
        with pytest.raises(NotPermitted):
            item_reassess(actor=bureau.people[role], item_id=item.pk, outcome="keep", reason="x", now=NOW)
