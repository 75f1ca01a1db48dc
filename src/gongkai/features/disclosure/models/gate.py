"""Runs of the gate, what two persons decided against it, and what is remembered so that a second run is quick."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.features.disclosure.models.items import DIGEST, Item, Revision


def _person(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, blank=null, related_name="+"
    )


class GateRun(models.Model):
    """That the gate was asked about exactly this content of an item, and what it answered (append-only by trigger).

    ``issues`` is a list of plain values, one an issue (``services.gate.issue_as_data``), personal data masked.
    ``overridden`` holds the keys of the overrides that were in force, ``passed`` tells whether nothing else stood in the
    way. ``versions`` names the rules it was checked by.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="gate_runs")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("摘要值", max_length=64)
    run_at = models.DateTimeField("检查时间")
    run_by = _person(null=True)
    passed = models.BooleanField("通过")
    issues = models.JSONField("问题", default=list)
    overridden = models.JSONField("放行的问题", default=list)
    versions = models.JSONField("规则版本", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "发布检查"
        ordering = ["-run_at", "-id"]
        indexes = [models.Index(fields=["item", "-run_at", "-id"], name="gaterun_latest")]
        constraints = [models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="gaterun_digest_is_one")]

    def __str__(self) -> str:
        return f"{self.item_id} {'通过' if self.passed else '未通过'}"


class GateOverride(models.Model):
    """That somebody asked to let one problem pass and a second person agreed or refused.

    Bound to the content (``digest``) and the problem (``key``): an edit of the item voids it. ``issue`` is the problem as
    it was shown. What was agreed on stays lit as long as that content is public.
    """

    class State(models.TextChoices):
        ASKED = "asked", "待第二人确认"
        AGREED = "agreed", "已放行"
        REFUSED = "refused", "不同意放行"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="gate_overrides")
    digest = models.CharField("摘要值", max_length=64)
    key = models.CharField("问题标识", max_length=40)
    issue = models.JSONField("问题")
    reason = models.TextField("放行理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = _person()
    asked_at = models.DateTimeField("提出时间")
    answered_by = _person(null=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answer_note = models.TextField("答复说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查放行"
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["item", "digest"], name="gateoverride_item")]
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="gateoverride_digest_is_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="gateoverride_has_reason"),
            # Two persons decide, never one: held here against whoever writes.
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="gateoverride_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_by__isnull=True, answered_at__isnull=True)
                | Q(state__in=["agreed", "refused"], answered_by__isnull=False, answered_at__isnull=False),
                name="gateoverride_answer_is_whole",
            ),
            models.UniqueConstraint(
                fields=["item", "digest", "key"],
                condition=Q(state__in=["asked", "agreed"]),
                name="gateoverride_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.key} {self.get_state_display()}"


class FileCheck(models.Model):
    """What the content check found in a file's bytes under certain rules; kept so that it is looked through once.

    ``result`` holds findings as plain values with personal data masked. Rows may be deleted at any time.
    """

    sha256 = models.CharField("摘要值", max_length=64)
    name = models.CharField("文件名", max_length=255)
    rules_version = models.CharField("规则版本", max_length=64)
    state = models.CharField("结果", max_length=20)
    result = models.JSONField("发现", default=dict)
    checked_at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = verbose_name_plural = "文件检查"
        constraints = [
            models.UniqueConstraint(fields=["sha256", "name", "rules_version"], name="filecheck_once"),
            models.CheckConstraint(condition=Q(sha256__regex=DIGEST), name="filecheck_sha256_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class CitedDocument(models.Model):
    """That a revision cites a document, by its number in the one form or by its title in 《》; read from the text.

    So that items can be found that cite what is withdrawn later. ``forwards`` marks documents that the item hands on.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="cited_documents")
    ref = models.CharField("引用的文件", max_length=160)
    forwards = models.BooleanField("转发、印发", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "引用的文件"
        indexes = [models.Index(fields=["ref"], name="citeddocument_ref")]
        constraints = [models.UniqueConstraint(fields=["revision", "ref"], name="citeddocument_once")]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.ref}"


class LinkCheck(models.Model):
    """Whether an address on the web answered when it was last asked, and from when on it is asked again.

    ``reachable`` is empty while nobody has asked (``checked_at`` empty), and where the site refuses programs, so that a
    person has to look. ``status`` is that of HTTP, ``problem`` why there was none (``kernel.outgoing.Problem``);
    ``failures`` counts the times in a row that it did not open.
    """

    url = models.URLField("地址", max_length=1000, unique=True)
    reachable = models.BooleanField("可以打开", null=True, blank=True)
    status = models.PositiveIntegerField("状态码", null=True, blank=True)
    problem = models.CharField("打不开的原因", max_length=20, blank=True)
    checked_at = models.DateTimeField("检查时间", null=True, blank=True)
    due_at = models.DateTimeField("下次检查时间")
    failures = models.PositiveIntegerField("连续打不开的次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "链接检查"
        indexes = [models.Index(fields=["due_at"], name="linkcheck_due")]

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """That the body of a revision links to an address, so that those are asked that are going out or are public."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="links_used")
    link = models.ForeignKey(LinkCheck, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = verbose_name_plural = "正文中的链接"
        constraints = [models.UniqueConstraint(fields=["revision", "link"], name="linkuse_once")]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.link_id}"
