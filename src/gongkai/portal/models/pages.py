"""The pages of a site in Wagtail's tree: home, columns, topics and texts, all directly below the home page.

They are what editors work on. The public reads their publications on record (``PagePublication``); what Wagtail calls
live is only that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, Panel
from wagtail.fields import StreamField
from wagtail.models import Page

from gongkai.domain.site.places import SLUG, PageKind, page_path, path_url
from gongkai.portal.models.blocks import HomeBlocks, TextBlocks, TopicBlocks
from gongkai.portal.pages.choices import column_type_choices

HOW = "<p>写完先“保存草稿”，由网站的另一位同志看过以后点“发布”。发布前自动检查错误表述和个人信息。</p>"


class SitePage(Page):
    """What all pages of a site have in common."""

    kind: ClassVar[PageKind]
    shown_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that are published, beside the title."""

    settings_panels: ClassVar[Sequence[Panel]] = []
    promote_panels: ClassVar[Sequence[Panel]] = []
    private_page_options: ClassVar[Sequence[str]] = []
    search_fields = Page.search_fields

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that no web server would take."""
        super().clean()
        if self.kind is not PageKind.HOME and self.slug and not SLUG.fullmatch(self.slug):
            raise ValidationError({"slug": "地址代号只能用小写字母、数字和连字符，最多 40 个字符。"})

    def site_slug(self) -> str | None:
        """Return the slug of the site in whose tree the page stands; None for one that stands nowhere."""
        from gongkai.portal.pages.selectors import website_of

        website = website_of(self)
        return None if website is None else website.slug

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Return where the page is read; Wagtail's own sites play no part."""
        from django.conf import settings

        site = self.site_slug()
        if site is None:
            return None
        slug = "" if self.kind is PageKind.HOME else self.slug
        return (0, settings.BASE_URL, path_url(page_path(site, self.kind, slug)))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page as the public would read it now."""
        from gongkai.portal.pages.preview import page_preview

        return page_preview(self, request)


class HomePage(SitePage):
    """The first page of a site."""

    kind = PageKind.HOME
    shown_fields = ("headline", "lead", "notice", "notice_url", "body")

    headline = models.CharField("主标题", max_length=60, blank=True, help_text="空着时用网站名称。")
    lead = models.TextField("导语", max_length=200, blank=True)
    notice = models.CharField("公告", max_length=100, blank=True, help_text="显示在首页顶部的一行字，空着则不显示。")
    notice_url = models.CharField("公告链接", max_length=300, blank=True)
    body = StreamField(HomeBlocks(), blank=True, verbose_name="内容")

    content_panels: ClassVar[Sequence[Panel]] = [
        HelpPanel(HOW),
        FieldPanel("title"),
        MultiFieldPanel([FieldPanel("headline"), FieldPanel("lead")], heading="页首"),
        MultiFieldPanel([FieldPanel("notice"), FieldPanel("notice_url")], heading="公告"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[Sequence[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[Sequence[str]] = ["portal.TopicPage", "portal.ColumnPage", "portal.TextPage"]

    class Meta:
        verbose_name = verbose_name_plural = "首页"

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Refuse: a home page comes with its site (``gongkai.portal.pages.services.websites``)."""
        return False


class ColumnPage(SitePage):
    """A column of a site (栏目): the newest items of columns of the directory, of units, or of both together."""

    kind = PageKind.COLUMN
    shown_fields = (
        "intro", "codes", "unit_ids", "column_type", "keeper", "update_days", "description", "keywords",
    )  # fmt: skip

    intro = models.TextField("导语", max_length=400, blank=True)
    codes = models.JSONField("公开栏目", default=list, blank=True, help_text="列出这些栏目及其下级栏目的信息。")
    unit_ids = models.JSONField("单位", default=list, blank=True, help_text="只列这些单位的信息；不选则为全站的信息。")
    column_type = models.CharField("栏目类别", max_length=20, default="信息公开")
    keeper = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责单位"
    )
    update_days = models.PositiveIntegerField(
        "更新周期（天）", null=True, blank=True, help_text="多少天内至少更新一次。"
    )
    description = models.CharField("栏目描述", max_length=200, help_text="一句话说明栏目内容，写在网页标签里。")
    keywords = models.CharField("关键词", max_length=100, blank=True, help_text="用逗号隔开，写在网页标签里。")

    content_panels: ClassVar[Sequence[Panel]] = [
        HelpPanel(HOW),
        FieldPanel("title"),
        FieldPanel("slug", heading="地址代号"),
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("codes"), FieldPanel("unit_ids")], heading="列出哪些信息"),
        MultiFieldPanel(
            [
                FieldPanel("column_type"),
                FieldPanel("keeper"),
                FieldPanel("update_days"),
                FieldPanel("description"),
                FieldPanel("keywords"),
            ],
            heading="栏目属性",
        ),
    ]
    parent_page_types: ClassVar[Sequence[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[Sequence[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "栏目页"

    def clean(self) -> None:
        """Refuse a class of columns that the rules do not know."""
        super().clean()
        if self.column_type not in dict(column_type_choices()):
            raise ValidationError({"column_type": "没有这个栏目类别。"})


class TopicPage(SitePage):
    """A special topic (专题): for a time, or for good; items and links chosen by hand."""

    kind = PageKind.TOPIC
    shown_fields = (
        "lead", "picture", "picture_alt", "starts_on", "ends_on", "archived", "keywords", "body",
    )  # fmt: skip

    lead = models.TextField("导语", max_length=300)
    picture = models.BigIntegerField("题图", null=True, blank=True, editable=False)
    picture_alt = models.CharField(
        "题图替代文字",
        max_length=100,
        blank=True,
        help_text="说明图片内容，读屏软件会念给看不见图片的人听。有题图必须填写。",
    )
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True, help_text="过了这一天，专题标为“已归档”，仍可阅读。")
    archived = models.BooleanField("已归档", default=False)
    keywords = models.CharField("关键词", max_length=100, blank=True)
    body = StreamField(TopicBlocks(), blank=True, verbose_name="板块")

    content_panels: ClassVar[Sequence[Panel]] = [
        HelpPanel(HOW),
        FieldPanel("title"),
        FieldPanel("slug", heading="地址代号"),
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("picture_upload"), FieldPanel("picture_alt"), FieldPanel("picture_remove")], heading="题图"
        ),
        MultiFieldPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("archived")], heading="期限"),
        FieldPanel("keywords"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[Sequence[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[Sequence[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "专题"

    def clean(self) -> None:
        """Refuse days in the wrong order, and a picture that nobody who cannot see it is told of."""
        super().clean()
        wrong = {}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = "结束日期不能早于开始日期。"
        if self.picture and not self.picture_alt.strip():
            wrong["picture_alt"] = "有题图时必须填写替代文字。"
        if wrong:
            raise ValidationError(wrong)


class TextPage(SitePage):
    """A page of a few words: about the site, how to use it."""

    kind = PageKind.TEXT
    shown_fields = ("lead", "body")

    lead = models.TextField("导语", max_length=300, blank=True)
    body = StreamField(TextBlocks(), blank=True, verbose_name="内容")

    content_panels: ClassVar[Sequence[Panel]] = [
        HelpPanel(HOW),
        FieldPanel("title"),
        FieldPanel("slug", heading="地址代号"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[Sequence[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[Sequence[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "说明页"


PAGES: dict[PageKind, type[SitePage]] = {
    PageKind.HOME: HomePage,
    PageKind.COLUMN: ColumnPage,
    PageKind.TOPIC: TopicPage,
    PageKind.TEXT: TextPage,
}
