"""People and their posts. A post is a role in a unit between two dates; it is ended, never deleted."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from gongkai.kernel.accounts.roles import LABELS


class User(AbstractUser):
    """A person who signs in.

    ``display_name`` is the name shown everywhere; ``must_change_password`` is set with a one-time password.
    """

    display_name = models.CharField("姓名", max_length=60)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    must_change_password = models.BooleanField("下次登录须修改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", null=True, blank=True)

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the person's name, or the sign-in name where none is on file."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Return the person's name."""
        return self.get_full_name()


class Post(models.Model):
    """A role held by a person in a unit; both days are inclusive, no ``until_on`` means until further notice."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name="人员")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="posts", verbose_name="单位")
    role = models.CharField("岗位", max_length=30, choices=[(role.value, label) for role, label in LABELS.items()])
    from_on = models.DateField("任职日期")
    until_on = models.DateField("任职至", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="授予人"
    )
    granted_at = models.DateTimeField("授予时间")
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="终止人"
    )
    ended_at = models.DateTimeField("终止操作时间", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["user_id", "from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="post_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in LABELS]),
                name="post_role_is_known",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(until_on__isnull=True),
                name="post_open_once",
            ),
            models.UniqueConstraint(fields=["user", "unit", "role", "from_on"], name="post_begins_once_a_day"),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="post_by_unit_role")]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"
