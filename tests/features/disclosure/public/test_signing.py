"""The page behind a one-time link: what it shows, what it takes, and that it tells nothing else."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.public.throttle import MOST
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.kernel.approvals.models import Approval, ApprovalStep, Signature, SigningLink
from gongkai.kernel.approvals.services import approval_sign, link_issue, link_revoke
from tests.factories.disclosure import Bureau, answers, fresh
from tests.factories.world import NOW
from tests.features.disclosure.staff.desk import page_of, sign_data

STEP = "legality_review"


class Invitation:
    """An item whose legality review is open, and a link for it."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        draft = bureau.draft(kind="normative_document", doc_no="青财发〔2026〕3号", title="青溪县便民服务办法")
        self.item: Item = bureau.decide(draft, "proactive", grounds=["art20_1"])
        self.ref = attachment_add(
            actor=bureau.drafter, item_id=self.item.pk, name="清单.txt", upload=BytesIO("清单".encode()), now=NOW
        )
        self.approval: Approval = bureau.circulate(fresh(self.item))
        used: set[int | None] = set(self.approval.authors)
        for row in ApprovalStep.objects.filter(approval=self.approval, order__lt=3).order_by("order", "position"):
            signer = bureau.signer(row, used)
            used.add(signer.user_id)
            data = {"digest": self.approval.digest, "verdict": "sign", "form": answers(row.form)}
            approval_sign(actor=signer, approval_id=self.approval.pk, step=row.code, now=NOW, **data)
        self.link, self.token = self.issue()

    def issue(self, contact: str = "13907970001", now: datetime | None = None) -> tuple[SigningLink, str]:
        return link_issue(
            actor=self.bureau.office,
            approval_id=self.approval.pk,
            step=STEP,
            name="周律师",
            contact=contact,
            organization="某某律师事务所",
            now=now or timezone.now(),
        )

    @property
    def address(self) -> str:
        return reverse("disclosure:signing:sign", args=[self.token])

    def file(self, token: str = "", file_id: int | None = None) -> str:
        return reverse("disclosure:signing:file", args=[token or self.token, file_id or self.ref.file_id])


@pytest.fixture
def invitation(bureau: Bureau) -> Invitation:
    return Invitation(bureau)


def plain(response: object, token: str) -> str:
    """A page without the address it was asked by."""
    return page_of(response).replace(token, "")


class TestPage:
    def test_shows_this_content_and_form_and_nothing_of_the_house(self, invitation: Invitation) -> None:
        response = Client().get(invitation.address)
        page = page_of(response)
        assert "青溪县便民服务办法" in page
        row = ApprovalStep.objects.get(approval=invitation.approval, code=STEP)
        for question in row.form["questions"]:
            assert f'name="{question["code"]}"' in page
        assert "/admin/" not in page
        assert "gk-nav" not in page

    def test_is_kept_out_of_caches_and_search_engines(self, invitation: Invitation) -> None:
        response = Client().get(invitation.address)
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "unsafe-inline" not in response["Content-Security-Policy"]

    def test_takes_one_signature(self, invitation: Invitation) -> None:
        data = sign_data(invitation.approval, STEP, remark="未见不妥")
        response = Client().post(invitation.address, data)
        assert response.status_code == 200
        assert "已收到您的意见" in page_of(response)
        signature = Signature.objects.get(link=invitation.link)
        assert (signature.remark, signature.verdict) == ("未见不妥", "sign")
        assert Client().get(invitation.address).status_code == 404
        assert Client().post(invitation.address, data).status_code == 404

    def test_says_all_that_is_missing(self, invitation: Invitation) -> None:
        response = Client().post(invitation.address, {"digest": invitation.approval.digest, "verdict": "return"})
        assert response.status_code == 422
        assert "请写明修改意见" in page_of(response)
        assert not Signature.objects.filter(link=invitation.link).exists()

    def test_refuses_a_signature_on_another_content(self, invitation: Invitation) -> None:
        response = Client().post(invitation.address, sign_data(invitation.approval, STEP, digest="0" * 64))
        assert response.status_code == 422
        assert not Signature.objects.filter(link=invitation.link).exists()


class TestClosedLinks:
    def test_all_answer_alike(self, invitation: Invitation) -> None:
        unknown = Client().get(reverse("disclosure:signing:sign", args=["x" * 43]))
        wanted = plain(unknown, "x" * 43)
        assert unknown.status_code == 404
        assert "链接不能使用" in wanted
        made = {}
        revoked, made["revoked"] = invitation.issue("13907970002")
        link_revoke(actor=invitation.bureau.office, link_id=revoked.pk, now=timezone.now())
        _, made["expired"] = invitation.issue("13907970003", now=NOW)
        made["used"] = invitation.token
        Client().post(invitation.address, sign_data(invitation.approval, STEP))
        for why, token in made.items():
            response = Client().get(reverse("disclosure:signing:sign", args=[token]))
            assert (why, response.status_code, plain(response, token)) == (why, 404, wanted)

    def test_an_edit_closes_the_link(self, invitation: Invitation) -> None:
        invitation.bureau.edit(invitation.item)
        response = Client().get(invitation.address)
        assert response.status_code == 404
        assert Client().get(invitation.file()).status_code == 404

    def test_many_failures_from_one_place_are_stopped(self, invitation: Invitation) -> None:
        client = Client()
        for number in range(MOST):
            assert client.get(reverse("disclosure:signing:sign", args=[f"{number:043d}"])).status_code == 404
        assert client.get(reverse("disclosure:signing:sign", args=["y" * 43])).status_code == 429
        assert client.get(invitation.address).status_code == 429
        assert Client(REMOTE_ADDR="198.51.100.7").get(invitation.address).status_code == 200


class TestFiles:
    def test_are_read_through_the_valid_link_only(self, invitation: Invitation) -> None:
        response = Client().get(invitation.file())
        assert b"".join(response) == "清单".encode()  # type: ignore[call-overload]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert Client().get(f"/admin/files/{invitation.ref.file_id}/download/").status_code == 302
        assert (
            Client()
            .get(reverse("disclosure:public:item_file", args=[invitation.item.uid, invitation.ref.file_id, "清单.txt"]))
            .status_code
            == 404
        )
        assert Client().get(invitation.file(token="z" * 43)).status_code == 404

    def test_of_other_items_stay_closed(self, invitation: Invitation) -> None:
        other = invitation.bureau.decide(invitation.bureau.draft(limited=True))
        ref = attachment_add(
            actor=invitation.bureau.drafter, item_id=other.pk, name="秘.txt", upload=BytesIO(b"x"), now=NOW
        )
        assert Client().get(invitation.file(file_id=ref.file_id)).status_code == 404
        assert Client().get(invitation.file(file_id=999_999)).status_code == 404

    def test_close_with_the_link(self, invitation: Invitation) -> None:
        Client().post(invitation.address, sign_data(invitation.approval, STEP))
        assert Client().get(invitation.file()).status_code == 404

    def test_content_names_its_attachment(self, invitation: Invitation) -> None:
        head = fresh(invitation.item).head
        assert head is not None
        assert [ref.name for ref in ItemContent.from_data(head.content).attachments] == ["清单.txt"]


class TestAfterAReturn:
    def test_the_link_opens_nothing_any_more_and_no_signature_is_taken(self, invitation: Invitation) -> None:
        other, token = invitation.issue("13907970005")
        returned = sign_data(invitation.approval, STEP, verdict="return", remark="依据不足，请补充。")
        assert Client().post(reverse("disclosure:signing:sign", args=[token]), returned).status_code == 200
        assert fresh(invitation.item).state == "returned"
        assert Client().get(invitation.address).status_code == 404
        assert Client().post(invitation.address, sign_data(invitation.approval, STEP)).status_code == 404
        assert list(Signature.objects.filter(link__isnull=False).values_list("link_id", flat=True)) == [other.pk]
