"""Units as a tree, their names over time, what became of them, and groups of units.

Days called ``from_on`` and ``until_on`` are inclusive; ``dissolved_on`` is the first day on which a unit no longer exists.
Nothing here is deleted: a unit is dissolved, a name is followed by another.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.domain.organizations.groups import GroupRule
from gongkai.domain.organizations.kinds import LABELS, UnitKind

KINDS = [(kind.value, label) for kind, label in LABELS.items()]
_DATED = Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on"))


class UnitQuerySet(models.QuerySet["Unit"]):
    """Queries on units."""

    def existing(self, on: date) -> UnitQuerySet:
        """Keep the units that exist on the day."""
        return self.filter(
            Q(founded_on__isnull=True) | Q(founded_on__lte=on),
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on),
        )


class Unit(models.Model):
    """A node of the organization tree. ``name`` and ``short_name`` are the latest ones; see ``UnitName``.

    ``is_disclosure_authority`` marks the unit that is 政府信息公开工作主管部门 of its government (article 3).
    The fields from ``functions`` on are the entry in the unit directory (article 20, item 2).
    """

    kind = models.CharField("单位类型", max_length=30, choices=KINDS)
    name = models.CharField("单位名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True, verbose_name="上级单位"
    )
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    sort_key = models.CharField(max_length=400, editable=False)
    position = models.PositiveIntegerField("排序号", default=0)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    is_disclosure_authority = models.BooleanField("政府信息公开工作主管部门", default=False)

    functions = models.TextField("主要职能", blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    office_hours = models.CharField("办公时间", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=80, blank=True)
    head_name = models.CharField("负责人", max_length=60, blank=True)
    directory_checked_on = models.DateField("核对日期", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["position", "sort_key", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in UnitKind]), name="unit_kind_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="unit_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="unit_is_not_its_own_superior"
            ),
            models.CheckConstraint(
                condition=Q(founded_on__isnull=True)
                | Q(dissolved_on__isnull=True)
                | Q(dissolved_on__gt=F("founded_on")),
                name="unit_dissolved_after_founding",
            ),
            models.CheckConstraint(
                condition=Q(division_code="") | Q(division_code__regex=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$"),
                name="unit_division_code_shape",
            ),
            models.UniqueConstraint(
                fields=["division_code"],
                condition=Q(
                    kind__in=["government", "town", "street", "village"],
                    dissolved_on__isnull=True,
                )
                & ~Q(division_code=""),
                name="unit_division_code_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "parent"], name="unit_by_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """Return the short name where there is one, else the name."""
        return self.short_name or self.name

    def exists(self, on: date) -> bool:
        """Tell whether the unit exists on the day."""
        return (self.founded_on is None or self.founded_on <= on) and (
            self.dissolved_on is None or on < self.dissolved_on
        )


class UnitName(models.Model):
    """A name that a unit bore; the row without ``until_on`` is the latest. ``kind`` is the kind it had then."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names", verbose_name="单位")
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("单位类型", max_length=30, choices=KINDS)
    from_on = models.DateField("启用日期", null=True, blank=True)
    until_on = models.DateField("使用至", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "单位名称"
        verbose_name_plural = "单位名称"
        ordering = ["unit_id", F("from_on").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(condition=_DATED, name="unitname_ends_after_it_begins"),
            models.UniqueConstraint(fields=["unit"], condition=Q(until_on__isnull=True), name="unitname_one_latest"),
            models.UniqueConstraint(
                fields=["unit", "from_on"], nulls_distinct=False, name="unitname_begins_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitAlias(models.Model):
    """Another way in which a unit is called (市发改委); unique within its government while it holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="aliases", verbose_name="单位")
    text = models.CharField("别名", max_length=120)
    key = models.CharField(max_length=120, editable=False, db_index=True)
    from_on = models.DateField("启用日期", null=True, blank=True)
    until_on = models.DateField("使用至", null=True, blank=True)

    class Meta:
        verbose_name = "单位别名"
        verbose_name_plural = "单位别名"
        ordering = ["unit_id", "id"]
        constraints = [
            models.CheckConstraint(condition=_DATED, name="unitalias_ends_after_it_begins"),
            models.UniqueConstraint(fields=["unit", "key"], name="unitalias_once_a_unit"),
        ]

    def __str__(self) -> str:
        return self.text


class UnitLineage(models.Model):
    """What became of a unit on a day: renamed, merged into or split into another, or dissolved without successor."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "更名"
        MERGED = "merged", "并入"
        SPLIT = "split", "拆分"
        DISSOLVED = "dissolved", "撤销"

    kind = models.CharField("变更", max_length=12, choices=Kind.choices)
    source = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="lineage_out", verbose_name="原单位")
    target = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="lineage_in", null=True, blank=True, verbose_name="现单位"
    )
    on = models.DateField("变更日期")
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "机构沿革"
        verbose_name_plural = "机构沿革"
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "target", "on"], nulls_distinct=False, name="unitlineage_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="dissolved", target__isnull=True) | (~Q(kind="dissolved") & Q(target__isnull=False)),
                name="unitlineage_target_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.source} {self.get_kind_display()} {self.target or ''}".rstrip()


class UnitGroup(models.Model):
    """A named group of units seen from a government; who belongs is asked on a date.

    ``rule`` is a ``GroupRule`` as plain data (empty kinds: only the members listed). ``rule_key`` finds it again.
    """

    name = models.CharField("名称", max_length=120)
    home = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="groups", null=True, blank=True, verbose_name="所属政府"
    )
    rule = models.JSONField("规则", default=dict)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "单位分组"
        verbose_name_plural = "单位分组"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["home", "name"], nulls_distinct=False, name="unitgroup_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group_rule(self) -> GroupRule:
        """Return the rule as a value."""
        data: dict[str, Any] = self.rule or {}
        return GroupRule.from_dict(data)


class UnitGroupPhrase(models.Model):
    """A phrase under which documents name the group (各乡镇, 各乡镇人民政府)."""

    group = models.ForeignKey(UnitGroup, on_delete=models.CASCADE, related_name="phrases", verbose_name="分组")
    text = models.CharField("说法", max_length=120)
    key = models.CharField(max_length=120, editable=False, db_index=True)

    class Meta:
        verbose_name = "分组说法"
        verbose_name_plural = "分组说法"
        ordering = ["group_id", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="unitgroupphrase_once")]

    def __str__(self) -> str:
        return self.text


class UnitGroupMember(models.Model):
    """A unit that belongs to a group by name (or, ``excluded``, does not although the rule says so), dated."""

    group = models.ForeignKey(UnitGroup, on_delete=models.CASCADE, related_name="members", verbose_name="分组")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name="单位")
    excluded = models.BooleanField("不计入", default=False)
    from_on = models.DateField("自", null=True, blank=True)
    until_on = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "分组成员"
        verbose_name_plural = "分组成员"
        ordering = ["group_id", "id"]
        constraints = [
            models.CheckConstraint(condition=_DATED, name="unitgroupmember_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["group", "unit"], condition=Q(until_on__isnull=True), name="unitgroupmember_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}：{self.unit}"
