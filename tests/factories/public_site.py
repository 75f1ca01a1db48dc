"""A small public site with one of everything that a page of it can show, brought there by the real services."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.models import DirectoryColumn, Item
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.banners import banner_raise
from gongkai.features.disclosure.services.bundles import bundle_add, bundle_create, bundle_publish
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.reviews import validity_review
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import ApprovalStep
from gongkai.kernel.approvals.services import approval_sign, link_issue
from gongkai.kernel.audit.services import anchors_make
from gongkai.portal.release.services.slots import slots_settle
from gongkai.portal.search.services.feed import index_rebuild
from tests.factories.disclosure import Bureau, answers, fresh
from tests.factories.world import TODAY, World
from tests.portal.pages.conftest import Sites

TITLE = "青溪县财政局关于公布2026年惠民惠农财政补贴资金“一卡通”发放项目清单、补贴标准和咨询电话的通知"
DOC_NO = "青财字〔2026〕31号"
TABLE = {
    "head": ["补贴项目", "补贴标准", "发放时间", "主管部门", "咨询电话", "依据"],
    "rows": [
        [
            f"耕地地力保护补贴（第{n}批）",
            "每亩98.5元",
            "6月30日以前",
            "县农业农村局",
            "0797-2026001",
            "赣财农〔2025〕12号",
        ]
        for n in range(1, 5)
    ],
    "caption": "补贴项目和标准",
}
WORDS = (
    "<p>各乡镇人民政府：</p>",
    "<p>为了让群众知道<strong>补多少、怎么领</strong>，现将有关事项公布如下，请在村务公开栏张贴。</p>",
    "<ul><li>补贴直接打入社会保障卡。</li><li>有疑问的，可以拨打咨询电话。</li></ul>",
    "<p>青溪县财政局</p>",
    "<p>2026年3月1日</p>",
)


class PublicSite:
    """What stands on the site: ``notice`` has everything, the others one thing each. Everything is public since an hour."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.since = self.now - timedelta(hours=1)
        self.world = World()
        self.bureau = Bureau(self.world)
        self.world.office.functions = "协助县政府领导处理日常工作；指导、协调、监督全县政务公开。"
        self.world.office.save()
        self.notice, self.reading = self._notice()
        self.lapsed = self._lapsed()
        self.withdrawn = self.bureau.withdrawn(title="已经撤下的通知", now=self.since)
        self.merged = self._merged()
        self.plan = self._plan()
        DirectoryColumn.objects.filter(code="C01-3").update(unit=self.bureau.unit, update_days=180)
        settled = {one.pk for one in (self.notice, self.reading, self.lapsed, self.withdrawn, self.merged)}
        slots_settle(item_ids=settled, at=self.now, on=timezone.localdate(self.now))
        anchors_make(now=self.now + timedelta(days=1))
        self._pages()
        self._alarm()

    def search(self) -> None:
        """Build the index of the search."""
        index_rebuild(at=self.now)

    def signing_link(self) -> str:
        """Return a new address under which somebody from outside signs the legality review of a document."""
        bureau = self.bureau
        draft = bureau.draft(kind="normative_document", doc_no="青财发〔2026〕3号", title="青溪县便民服务办法")
        item = bureau.decide(draft, "proactive", grounds=["art20_1"])
        approval = bureau.circulate(fresh(item))
        used: set[int | None] = set(approval.authors)
        for row in ApprovalStep.objects.filter(approval=approval, order__lt=3).order_by("order", "position"):
            signer = bureau.signer(row, used)
            used.add(signer.user_id)
            data: dict[str, Any] = {"digest": approval.digest, "verdict": "sign", "form": answers(row.form)}
            approval_sign(actor=signer, approval_id=approval.pk, step=row.code, now=self.now, **data)
        _, token = link_issue(
            actor=bureau.office,
            approval_id=approval.pk,
            step="legality_review",
            name="周律师",
            contact="13907970001",
            organization="某某律师事务所",
            now=self.now,
        )
        return reverse("disclosure:signing:sign", args=[token])

    def _notice(self) -> tuple[Item, Item]:
        """Publish a notice with table, attachments, two columns and its explanation, and correct it once."""
        bureau = self.bureau
        body = [{"id": str(n), "type": "paragraph", "value": text} for n, text in enumerate(WORDS)]
        body[2:2] = [
            {"id": "h", "type": "heading", "value": {"text": "一、补贴项目和标准", "level": 2}},
            {"id": "t", "type": "table", "value": TABLE},
        ]
        draft = bureau.draft(body=tuple(body), doc_no=DOC_NO, title=TITLE, columns=("C01-3", "C07-1"))
        for name in ("2026年惠民惠农财政补贴资金发放项目清单和补贴标准一览表.txt", "申请表.txt"):
            upload = BytesIO(f"{name}，可以公开。".encode())
            attachment_add(actor=bureau.drafter, item_id=draft.pk, upload=upload, name=name, now=self.since)
        bureau.sign(bureau.circulate(bureau.decide(fresh(draft)), now=self.since), now=self.since)
        reading = bureau.approved(
            kind="interpretation", title="《惠民惠农补贴通知》解读", columns=("C01-3",), now=self.since
        )
        bundle = bundle_create(actor=bureau.office, unit_id=bureau.unit.pk, title="补贴", now=self.since)
        for item, role in ((draft, "document"), (reading, "interpretation")):
            bundle_add(actor=bureau.office, bundle_id=bundle.pk, item_id=item.pk, role=role, now=self.since)
        bundle_publish(actor=bureau.office, bundle_id=bundle.pk, now=self.since)
        bureau.edit(fresh(draft), summary="补贴项目、标准和咨询电话。", now=self.since)
        bureau.sign(bureau.circulate(fresh(draft), now=self.since), now=self.since)
        publication_make(actor=bureau.office, item_id=draft.pk, now=self.since + timedelta(minutes=10))
        return fresh(draft), fresh(reading)

    def _lapsed(self) -> Item:
        """Publish a document that no longer holds, with what replaces it."""
        bureau = self.bureau
        old = bureau.published(
            kind="normative_document",
            title="青溪县惠民补贴发放办法",
            doc_no="青财字〔2026〕3号",
            effective_on=TODAY,
            now=self.since,
        )
        validity_review(
            actor=bureau.people[Role.DISCLOSURE_OFFICE],
            item_id=old.pk,
            outcome="repealed",
            note="由青财字〔2026〕31号废止。",
            instead_id=self.notice.pk,
            now=self.now,
        )
        return fresh(old)

    def _merged(self) -> Item:
        item = self.bureau.published(title="并入他处的通知", now=self.since)
        self._end(item, self.now)
        return fresh(item)

    def _end(self, item: Item, now: datetime) -> None:
        publication_withdraw(
            actor=self.bureau.office,
            item_id=item.pk,
            kind="merged",
            reason="合并",
            redirect_to=self.notice.pk,
            now=now,
        )

    def _plan(self) -> int:
        """Publish a plan with tasks that are done, late and for good; returns its number."""
        day = timezone.localdate(self.now)
        plan = self.world.plan(
            visibility="progress", published_at=self.since, year=day.year, title="青溪县政务公开工作要点", doc_no="青府办字〔2026〕18号"
        )  # fmt: skip
        group = self.world.group("各乡镇人民政府")
        given: dict[str, Any] = {"lead": self.world.finance, "responsible": group, "path": ["一、重点", "（一）财政"]}
        for due in (day, day - timedelta(days=20), day + timedelta(days=60), None):
            self.world.item(plan, due_on=due, **given)
        return int(plan.pk)

    def _pages(self) -> None:
        """Publish a column, a topic and a text of the county, and the site of a town with a column of its own."""
        sites = Sites(self.world)
        sites.column()
        sites.topic(self.notice, self.reading)
        sites.publish(sites.draft(PageKind.TEXT, slug="about", title="关于本网站", lead="谁办的、怎么用、怎么联系。"))
        sites.column(website=sites.town())

    def _alarm(self) -> None:
        banner_raise(
            actor=self.bureau.people[Role.DISCLOSURE_OFFICE_HEAD],
            unit_id=self.bureau.unit.pk,
            level="red",
            title="请立即转移到高处",
            text="安置点在体育馆。",
            item_id=self.notice.pk,
            expires_at=self.now + timedelta(hours=2),
            now=self.now,
        )
