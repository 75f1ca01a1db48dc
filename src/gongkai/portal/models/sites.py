"""The sites of one installation, the items that others lend them, and what was published of their pages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.domain.site.places import SLUG, PageKind

KINDS = [
    (PageKind.HOME.value, "首页"),
    (PageKind.COLUMN.value, "栏目页"),
    (PageKind.TOPIC.value, "专题"),
    (PageKind.TEXT.value, "说明页"),
]
DIGEST = r"^[0-9a-f]{64}$"


class Website(models.Model):
    """A site of a government: the primary one at ``/``, any other in the folder ``/sites/<slug>/``.

    It shows the items of ``unit`` and of the units below that have no site of their own, and those shared to it; a
    primary site without a unit shows what no other site's units published. ``hosts`` are names under which a web server
    shows its folder. What the primary one leaves empty is said by the settings (``GONGKAI_SITE_*``).
    """

    slug = models.CharField("地址代号", max_length=40, blank=True, unique=True)
    name = models.CharField("网站名称", max_length=60, blank=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hosts = models.JSONField("域名", default=list, blank=True)
    code = models.CharField("网站标识码", max_length=20, blank=True)
    icp = models.CharField("ICP备案号", max_length=60, blank=True)
    police = models.CharField("公安备案号", max_length=60, blank=True)
    host = models.CharField("主办单位", max_length=100, blank=True)
    keeper = models.CharField("承办单位", max_length=100, blank=True)
    contact = models.CharField("联系方式", max_length=200, blank=True)
    errors_url = models.CharField("“找错”网址", max_length=300, blank=True)
    home = models.OneToOneField(
        "portal.HomePage", on_delete=models.PROTECT, related_name="website", verbose_name="首页", null=True
    )
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "网站"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slug="") | Q(slug__regex=f"^{SLUG.pattern}$"), name="website_slug_is_one"
            ),
            models.CheckConstraint(
                condition=Q(slug="") | (Q(unit__isnull=False) & ~Q(name="")), name="website_has_a_unit"
            ),
            models.UniqueConstraint(fields=["unit"], name="website_once_a_unit"),
        ]

    def __str__(self) -> str:
        return self.name or "主站"

    @property
    def is_primary(self) -> bool:
        """Tell whether this is the site at the top of the tree."""
        return self.slug == ""


class SharedItem(models.Model):
    """That an item of another site's unit is shown on a site as well; what the public no longer reads is not shown."""

    item = models.ForeignKey("disclosure.Item", on_delete=models.PROTECT, related_name="+", verbose_name="公开信息")
    website = models.ForeignKey(Website, on_delete=models.PROTECT, related_name="shared", verbose_name="网站")
    reason = models.CharField("理由", max_length=200)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    shared_at = models.DateTimeField("共享时间")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("停止时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "共享信息"
        ordering = ["-shared_at", "-id"]
        indexes = [models.Index(fields=["item"], name="shareditem_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["website", "item"], condition=Q(ended_at__isnull=True), name="shareditem_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="shareditem_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.website}"


class PagePublication(models.Model):
    """That a page of a site was put before the public with exactly this content; a trigger keeps it as it is.

    The one without an end is what the public reads. ``path`` is where (``topics/x``; empty for ``/``), ``content`` the
    fields of the page, ``lists`` the lists of items and ``items`` the items that it shows. ``prepared_by`` wrote it;
    ``published_by`` is somebody else, or ``read_by`` is who read exactly this content before.
    """

    website = models.ForeignKey(Website, on_delete=models.PROTECT, related_name="publications", verbose_name="网站")
    page_id = models.BigIntegerField("页面")
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    path = models.CharField("地址", max_length=160, blank=True)
    title = models.CharField("标题", max_length=255)
    content = models.JSONField("内容")
    digest = models.CharField("摘要值", max_length=64)
    lists = models.JSONField("所列信息的列表", default=list)
    items = models.JSONField("所列信息", default=list)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField("发布时间")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "页面发布记录"
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["page_id", "-published_at"], name="pagepublication_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["page_id"], condition=Q(ended_at__isnull=True), name="pagepublication_one_current"
            ),
            models.UniqueConstraint(
                fields=["path"], condition=Q(ended_at__isnull=True), name="pagepublication_path_once"
            ),
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="pagepublication_digest_is_one"),
            models.CheckConstraint(
                condition=Q(prepared_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(prepared_by=models.F("published_by"))
                | (Q(read_by__isnull=False) & ~Q(prepared_by=models.F("read_by"))),
                name="pagepublication_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PageReading(models.Model):
    """That somebody who answers for the unit read a page as it stands and agreed to it (审读); never changed.

    It holds for exactly this content: what is written afterwards has to be read again.
    """

    page_id = models.BigIntegerField("页面")
    digest = models.CharField("摘要值", max_length=64)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField("审读时间")

    class Meta:
        verbose_name = verbose_name_plural = "页面审读"
        ordering = ["-read_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["page_id", "digest", "read_by"], name="pagereading_once"),
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="pagereading_digest_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.digest[:12]}"


class PageOrder(models.Model):
    """The order that editors gave to the columns, topics or texts of a site; ``page_ids`` from first to last."""

    website = models.ForeignKey(Website, on_delete=models.PROTECT, related_name="orders", verbose_name="网站")
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    page_ids = models.JSONField("次序", default=list)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "页面次序"
        ordering = ["website", "kind"]
        constraints = [models.UniqueConstraint(fields=["website", "kind"], name="pageorder_once")]

    def __str__(self) -> str:
        return f"{self.website} {self.get_kind_display()}"
