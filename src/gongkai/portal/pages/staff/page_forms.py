"""What Wagtail's editor asks for beyond plain fields: columns and units by name, the picture of a topic, an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from pypinyin import Style, lazy_pinyin
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from gongkai.domain.site.places import SLUG
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.trees import unit_options
from gongkai.portal.pages.choices import column_choices, column_type_choices
from gongkai.portal.pages.selectors import website_of
from gongkai.portal.pages.services.pictures import picture_store

MOST_UPLOAD = 12 * 1024 * 1024


def slug_from(title: str) -> str:
    """Return an address for a title: its pinyin."""
    words = lazy_pinyin(title, style=Style.NORMAL, errors=lambda text: list(text))
    text = "".join(one if one.isalnum() and one.isascii() else "-" for word in words for one in word.lower())
    return "-".join(filter(None, text.split("-")))[:40].strip("-")


class SitePageForm(WagtailAdminPageForm):
    """Gives a page an address out of its title where the editor gave none that works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "网址的最后一段，用小写字母、数字和连字符；空着时按标题的拼音生成。"

    def clean_slug(self) -> str:
        """Return the address that was given, or one out of the title."""
        given = str(self.cleaned_data.get("slug") or "").strip().lower()
        if SLUG.fullmatch(given):
            return given
        made = slug_from(str(self.cleaned_data.get("title") or "")) or "page"
        parent = self.parent_page or self.instance.get_parent()
        number, slug = 1, made
        while not Page._slug_is_available(slug, parent, self.instance):
            number += 1
            slug = f"{made[:36]}-{number}"
        return slug


class ColumnPageForm(SitePageForm):
    """Columns and units to list, by name."""

    codes = forms.MultipleChoiceField(
        label="公开栏目", choices=column_choices, required=False, widget=forms.SelectMultiple(attrs={"size": 12})
    )
    unit_ids = forms.TypedMultipleChoiceField(
        label="单位",
        coerce=int,
        choices=lambda: unit_options(on=timezone.localdate()),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    column_type = forms.ChoiceField(label="栏目类别", choices=column_type_choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        many = "按住 Ctrl 可以选多个。"
        self.fields["codes"].help_text = f"列出这些栏目及其下级栏目的信息；不选则不限栏目。{many}"
        self.fields["unit_ids"].help_text = f"只列这些单位的信息；不选则为本网站全部单位。{many}"


class TopicPageForm(SitePageForm):
    """The picture of a topic."""

    picture_upload = forms.FileField(
        label="上传题图", required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    picture_remove = forms.BooleanField(label="去掉题图", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has = "现在已有题图，上传新图会替换它。" if self.instance.picture else "没有题图时用文字卡片。"
        self.fields["picture_upload"].help_text = f"JPG、PNG 或 WebP，横幅，宽至少 600 像素，自动裁成 2∶1。{has}"

    def clean(self) -> dict[str, Any]:
        """Take the picture in, and ask for its words."""
        cleaned: dict[str, Any] = super().clean()
        website = website_of(self.parent_page or self.instance)
        upload = cleaned.get("picture_upload")
        if upload is not None and upload.size > MOST_UPLOAD:
            self.add_error("picture_upload", "题图最大 12 MB，请压缩后再传。")
            upload = None
        if upload is not None and not str(cleaned.get("picture_alt") or "").strip():
            self.add_error("picture_alt", "有题图时必须填写替代文字。")
        elif upload is not None and website is not None and not self.errors:
            now = timezone.now()
            try:
                self.instance.picture = picture_store(
                    actor=actor_get(user=self.for_user, today=timezone.localdate(now)),
                    upload=upload,
                    website=website,
                    now=now,
                )
            except Refused as refused:
                self.add_error("picture_upload", refused.sentences())
        elif cleaned.get("picture_remove"):
            self.instance.picture = None
        return cleaned
