"""What an office has set up for its letters: its own facts, its own templates, and answers it gives often.

Rows of versions are only added. What a letter was written with stays what it was; the newest version is in use.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.domain.foi.remedies import IssuerKind


class Version(models.Model):
    """What every version has: its number from 1, who made it when, and why."""

    number = models.PositiveIntegerField("版本")
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("设置人", max_length=150)
    at = models.DateTimeField("设置时间")

    class Meta:
        abstract = True


class OfficeFacts(Version):
    """What the program cannot know of an office and its letters must carry, as it holds from a day on.

    ``names`` holds organs, courts and the internet channel by what they are to the office (``domain.foi.remedies.Role``).
    ``issuer_kind`` is empty where the kind of unit tells it. ``doc_code`` and ``doc_pattern`` write its document numbers
    (``domain.identifiers.RegisterPattern``). ``other_names`` are further names it may sign under, one a line.
    """

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    from_on = models.DateField("启用日期")
    issuer_kind = models.CharField(
        "发文机关类别", max_length=40, blank=True, choices=[(one.value, one.value) for one in IssuerKind]
    )
    names = models.JSONField("复议机关、法院和网上渠道", default=dict)
    signs_as = models.CharField("文书署名", max_length=120, blank=True)
    other_names = models.TextField("其他名称", blank=True)
    doc_code = models.CharField("机关代字", max_length=40, blank=True)
    doc_pattern = models.CharField("文号格式", max_length=80, blank=True)
    seal_name = models.CharField("印章名称", max_length=120, blank=True)
    contact = models.CharField("联系科室", max_length=80, blank=True)
    phone = models.CharField("联系电话", max_length=80, blank=True)
    address = models.CharField("通信地址", max_length=200, blank=True)
    office_hours = models.CharField("办公时间", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "依申请公开单位设置"
        ordering = ["unit_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="officefacts_number_once"),
            models.CheckConstraint(
                condition=Q(issuer_kind="") | Q(issuer_kind__in=[one.value for one in IssuerKind]),
                name="officefacts_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} 第{self.number}版"


class LetterTemplate(Version):
    """A version of an office's own template of a letter; without ``file`` the office went back to the shipped one."""

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    letter = models.CharField("文书种类", max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "文书模板"
        ordering = ["unit_id", "letter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "letter", "number"], name="lettertemplate_number_once"),
            models.CheckConstraint(condition=~Q(letter=""), name="lettertemplate_of_a_letter"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} 第{self.number}版"


class AnswerTemplate(models.Model):
    """An answer that an office gives often, for one letter; ``disposition`` and ``ground`` narrow it, empty fits any.

    ``words`` are words of applications that it fits, separated by blanks. One that is not used any more stays on record.
    """

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    title = models.CharField("名称", max_length=100)
    letter = models.CharField("文书种类", max_length=60)
    disposition = models.CharField("处理决定", max_length=60, blank=True)
    ground = models.CharField("依据", max_length=60, blank=True)
    words = models.CharField("适用的词语", max_length=300, blank=True)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复模板"
        ordering = ["unit_id", "letter", "title", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(letter=""), name="answertemplate_has_a_title"),
            models.UniqueConstraint(
                fields=["unit", "letter", "title"], condition=Q(retired_at__isnull=True), name="answertemplate_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AnswerTemplateVersion(Version):
    """The words of an answer template: a text for each field of its letter, with places for facts as 【…】."""

    template = models.ForeignKey(
        AnswerTemplate, on_delete=models.PROTECT, related_name="versions", verbose_name="答复模板"
    )
    texts = models.JSONField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "答复模板的版本"
        ordering = ["template_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="answertemplateversion_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} 第{self.number}版"


class AnswerUse(models.Model):
    """A letter that was written from an answer template; of what was written only the letter itself is kept."""

    version = models.ForeignKey(
        AnswerTemplateVersion, on_delete=models.PROTECT, related_name="uses", verbose_name="答复模板的版本"
    )
    paper = models.OneToOneField(
        "foi.CasePaper", on_delete=models.PROTECT, related_name="answer_use", verbose_name="文书"
    )

    class Meta:
        verbose_name = verbose_name_plural = "答复模板的使用"

    def __str__(self) -> str:
        return f"{self.version_id} {self.paper_id}"
