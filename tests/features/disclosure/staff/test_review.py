"""The inbox, the sign page, the progress, links for signers without an account, by what people are to the text."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.gate import gate_run
from gongkai.kernel.accounts.models import Post
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.approvals.models import Approval, ApprovalStep, Signature, SigningLink
from gongkai.kernel.approvals.services import delegation_give
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, TODAY
from tests.features.disclosure.staff.desk import (
    browser,
    page_of,
    round_of_item,
    sign_by_web,
    sign_data,
    today,
    url,
    words_of,
)


@pytest.fixture
def item(bureau: Bureau) -> Item:
    return bureau.in_review(title="关于公布便民服务清单的通知")


@pytest.fixture
def approval(item: Item) -> Approval:
    return round_of_item(item)


class TestInbox:
    def test_lists_what_waits_for_this_person_and_leads_to_the_sign_page(
        self, bureau: Bureau, approval: Approval
    ) -> None:
        page = browser(bureau.people[Role.FIRST_REVIEWER]).get(url("inbox"))
        assert "关于公布便民服务清单的通知" in page_of(page)
        assert url("sign", approval.pk, "first_review") in page_of(page)
        assert "便民服务清单" not in page_of(browser(bureau.people[Role.SECOND_REVIEWER]).get(url("inbox")))

    def test_says_so_when_nothing_waits(self, bureau: Bureau) -> None:
        assert "没有等您审核的信息" in page_of(browser(bureau.people[Role.FIRST_REVIEWER]).get(url("inbox")))

    def test_tells_who_signed_before_and_keeps_what_one_signed(self, bureau: Bureau, approval: Approval) -> None:
        reviewer = browser(bureau.people[Role.FIRST_REVIEWER])
        reviewer.post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review", remark="可以"))
        proof = page_of(browser(bureau.proofreaders[0]).get(url("inbox")))
        assert f"初审 {bureau.people[Role.FIRST_REVIEWER].name}" in proof
        signed = page_of(reviewer.get(url("inbox"), {"tab": "signed"}))
        assert url("sign", approval.pk, "first_review") in signed
        assert "便民服务清单" not in page_of(reviewer.get(url("inbox")))

    def test_keeps_what_one_returned_with_the_remark(self, bureau: Bureau, approval: Approval) -> None:
        reviewer = browser(bureau.people[Role.FIRST_REVIEWER])
        data = sign_data(approval, "first_review", verdict="return", remark="缺联系电话")
        reviewer.post(url("sign", approval.pk, "first_review"), data)
        assert "缺联系电话" in page_of(reviewer.get(url("inbox"), {"tab": "returned"}))

    def test_shows_what_was_handed_over_apart(self, bureau: Bureau, approval: Approval) -> None:
        stand_in = bureau.people[Role.SUPERVISOR]
        delegation_give(
            actor=bureau.people[Role.FIRST_REVIEWER],
            to_user_id=stand_in.user_id or 0,
            role=Role.FIRST_REVIEWER,
            unit_id=bureau.unit.pk,
            from_on=today(),
            until_on=today() + timedelta(days=3),
            reason="出差",
            now=NOW,
        )
        client = browser(stand_in)
        assert "便民服务清单" not in page_of(client.get(url("inbox")))
        assert "便民服务清单" in page_of(client.get(url("inbox"), {"tab": "delegated"}))
        assert "委托签署" in words_of(client.get(url("sign", approval.pk, "first_review")))
        client.post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review"))
        assert Signature.objects.get(approval=approval).on_behalf_of_id == bureau.people[Role.FIRST_REVIEWER].user_id


class TestSignPage:
    def test_shows_exactly_what_is_signed(self, bureau: Bureau, item: Item, approval: Approval) -> None:
        page = words_of(browser(bureau.people[Role.FIRST_REVIEWER]).get(url("sign", approval.pk, "first_review")))
        content = ItemContent.from_data(item.head.content if item.head else {})
        assert content.title in page
        assert "及时公开本单位的有关信息" in page
        assert "主动公开" in page
        assert approval.digest in page
        assert "拟写或修改过这份内容" in page

    def test_takes_a_signature_for_this_digest(self, bureau: Bureau, approval: Approval) -> None:
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        response = client.post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review"))
        assert response["Location"] == url("inbox")
        signature = Signature.objects.get(approval=approval)
        assert (signature.step.code, signature.digest) == ("first_review", approval.digest)

    def test_wants_a_remark_for_a_return(self, bureau: Bureau, approval: Approval) -> None:
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        response = client.post(
            url("sign", approval.pk, "first_review"), sign_data(approval, "first_review", verdict="return")
        )
        assert response.status_code == 422
        assert "退回时请写明修改意见" in page_of(response)
        assert not Signature.objects.exists()

    def test_returns_the_item_to_its_author(self, bureau: Bureau, item: Item, approval: Approval) -> None:
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        data = sign_data(approval, "first_review", verdict="return", remark="缺联系电话")
        client.post(url("sign", approval.pk, "first_review"), data)
        assert fresh(item).state == "returned"
        assert "缺联系电话" in page_of(browser(bureau.drafter).get(url("sign", approval.pk, "first_review")))

    def test_says_why_not_instead_of_hiding_the_form(self, bureau: Bureau) -> None:
        author = bureau.world.person(Role.FIRST_REVIEWER, bureau.unit)
        Post.objects.create(
            user=author, unit=bureau.unit, role=Role.DRAFTER, from_on=TODAY.replace(year=2020), granted_at=NOW
        )
        both = actor_get(user=author, today=today())
        item = bureau.decide(bureau.draft(by=both), by=both)
        approval = bureau.circulate(item, by=both)
        page = words_of(browser(both).get(url("sign", approval.pk, "first_review")))
        assert "拟写或修改过这份内容，不能办理“初审”" in page
        assert "退回要写明意见" not in page
        response = browser(both).post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review"))
        assert response.status_code == 422
        assert not Signature.objects.exists()

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR, Role.SECOND_REVIEWER])
    def test_others_read_but_have_no_form(self, bureau: Bureau, approval: Approval, role: Role) -> None:
        client = browser(bureau.people[role])
        page = client.get(url("sign", approval.pk, "first_review"))
        assert page.status_code == 200
        assert 'name="verdict"' not in page_of(page)
        assert "您没有办理这一环节的岗位" in page_of(page)
        refused = client.post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review"))
        assert refused.status_code in (403, 422)
        assert not Signature.objects.exists()

    def test_is_not_there_for_another_unit(self, bureau: Bureau, approval: Approval) -> None:
        stranger = bureau.world.actor(Role.DRAFTER, bureau.world.justice, today())
        for page in (url("sign", approval.pk, "first_review"), url("review_sheet", approval.pk)):
            assert browser(stranger).get(page).status_code == 404

    def test_refuses_when_the_text_was_edited_in_between_and_shows_what_changed(
        self, bureau: Bureau, item: Item, approval: Approval
    ) -> None:
        data = sign_data(approval, "first_review")
        bureau.edit(item, title="关于公布便民服务清单（修订）的通知")
        response = browser(bureau.people[Role.FIRST_REVIEWER]).post(url("sign", approval.pk, "first_review"), data)
        assert response.status_code == 422
        assert "没有签署成功" in page_of(response)
        assert "<ins>（修订）</ins>" in page_of(response)
        again = bureau.circulate(fresh(item))
        page = page_of(browser(bureau.people[Role.FIRST_REVIEWER]).get(url("sign", approval.pk, "first_review")))
        assert url("sign", again.pk, "first_review") in page

    def test_compares_with_what_one_signed_last(self, bureau: Bureau, item: Item, approval: Approval) -> None:
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        client.post(url("sign", approval.pk, "first_review"), sign_data(approval, "first_review"))
        bureau.edit(item, summary="补充说明")
        again = bureau.circulate(fresh(item))
        page = page_of(client.get(url("sign", again.pk, "first_review")))
        assert "与您上次签过的第" in page
        assert "补充说明" in page

    def test_shows_attachments_with_what_the_gate_found_in_them(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        attachment_add(
            actor=bureau.drafter,
            item_id=item.pk,
            name="名单.txt",
            upload=BytesIO("联系人13800138000".encode()),
            now=NOW,
        )
        approval = bureau.circulate(fresh(item))
        gate_run(actor=bureau.office, item_id=item.pk, now=NOW)
        client = browser(bureau.people[Role.FIRST_REVIEWER])
        page = page_of(client.get(url("sign", approval.pk, "first_review")))
        assert "名单.txt" in page
        assert "rl-checks" in page
        file_id = ItemContent.from_data(fresh(item).head.content).attachments[0].file_id  # type: ignore[union-attr]
        assert b"".join(client.get(f"/admin/files/{file_id}/download/")) == "联系人13800138000".encode()

    def test_wants_the_confidentiality_form_filled(self, bureau: Bureau, approval: Approval) -> None:
        for code in ("first_review", "first_proof", "second_review", "second_proof"):
            row = ApprovalStep.objects.get(approval=approval, code=code)
            used = set(Signature.objects.values_list("signer_id", flat=True))
            signer = bureau.signer(row, used)
            assert browser(signer).post(url("sign", approval.pk, code), sign_data(approval, code)).status_code == 302
        reviewer = browser(bureau.people[Role.CONFIDENTIALITY_REVIEWER])
        address = url("sign", approval.pk, "confidentiality_review")
        page = page_of(reviewer.get(address))
        row = ApprovalStep.objects.get(approval=approval, code="confidentiality_review")
        for question in row.form["questions"]:
            assert f'name="{question["code"]}"' in page
        empty = reviewer.post(address, {"digest": approval.digest, "verdict": "sign"})
        assert empty.status_code == 422
        assert "还没有填写" in page_of(empty)
        stopping = next(q for q in row.form["questions"] if q["stops"])
        data = sign_data(approval, "confidentiality_review", **{stopping["code"]: stopping["stops"][0]})
        assert "不能同意" in page_of(reviewer.post(address, data))
        assert reviewer.post(address, sign_data(approval, "confidentiality_review")).status_code == 302

    def test_the_whole_route_is_signed_through_the_pages(self, bureau: Bureau, item: Item, approval: Approval) -> None:
        sign_by_web(bureau, approval)
        assert fresh(item).state == "approved"


class TestReviewSheet:
    def test_is_a_document_with_who_signed(self, bureau: Bureau, item: Item, approval: Approval) -> None:
        sign_by_web(bureau, approval)
        response = browser(bureau.office).get(url("review_sheet", approval.pk))
        document = Document(BytesIO(response.content))
        text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        assert item.title in text
        assert bureau.people[Role.FIRST_REVIEWER].name in text


class TestLimitedItem:
    def test_is_read_by_those_whom_the_round_asks_and_nobody_else(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True))
        approval = bureau.circulate(item)
        address = url("sign", approval.pk, "first_review")
        assert browser(bureau.people[Role.FIRST_REVIEWER]).get(address).status_code == 200
        for role in (Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR):
            assert browser(bureau.people[role]).get(address).status_code == 404
        authority = bureau.world.actor(Role.DISCLOSURE_OFFICE, bureau.world.office, today())
        assert browser(authority).get(address).status_code == 404
        assert browser(authority).get(url("preview", item.pk)).status_code == 404
        assert browser(authority).get(url("release", item.pk)).status_code == 404


class TestSigningLink:
    def open_legality(self, bureau: Bureau) -> Approval:
        item = bureau.decide(bureau.draft(kind="normative_document"))
        approval = bureau.circulate(item)
        codes = list(ApprovalStep.objects.filter(approval=approval).values_list("code", flat=True))
        assert "legality_review" in codes
        rows = ApprovalStep.objects.filter(approval=approval, order__lt=3).order_by("order", "position")
        used: set[int | None] = set(approval.authors)
        for row in rows:
            signer = bureau.signer(row, used)
            used.add(signer.user_id)
            data = sign_data(approval, row.code)
            assert browser(signer).post(url("sign", approval.pk, row.code), data).status_code == 302
        return approval

    def test_is_shown_once_and_taken_back(self, bureau: Bureau) -> None:
        approval = self.open_legality(bureau)
        client = browser(bureau.office)
        data = {"name": "周律师", "organization": "某某律师事务所", "contact": "13907970001"}
        response = client.post(url("link_issue", approval.pk, "legality_review"), data)
        assert "/sign/" in page_of(response)
        token = page_of(response).split("/sign/")[1].split("/")[0]
        link = SigningLink.objects.get()
        assert token not in (link.token_hash, link.contact)
        progress = page_of(client.get(url("sign", approval.pk, "legality_review")))
        assert "周律师" in progress
        assert token not in progress
        client.post(url("link_revoke", approval.pk, "legality_review", link.pk))
        assert SigningLink.objects.get().revoked_at is not None

    def test_is_refused_with_every_reason(self, bureau: Bureau) -> None:
        approval = self.open_legality(bureau)
        client = browser(bureau.office)
        response = client.post(url("link_issue", approval.pk, "legality_review"), {"name": "周", "contact": "没有"})
        assert response.status_code == 422
        assert "不是手机号码" in page_of(response)

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.FIRST_REVIEWER, Role.SYSTEM_ADMINISTRATOR])
    def test_is_the_office_that_issues_links(self, bureau: Bureau, role: Role) -> None:
        approval = self.open_legality(bureau)
        data = {"name": "周律师", "contact": "13907970001"}
        response = browser(bureau.people[role]).post(url("link_issue", approval.pk, "legality_review"), data)
        assert response.status_code == 403
        assert not SigningLink.objects.exists()
