"""A model with sealed columns for these tests only; its table is made inside the transaction of a test."""

from __future__ import annotations

import base64
import uuid

from django.db import models

from gongkai.kernel.sealed import DigestField, SealedJSONField, SealedTextField, Shown

NAME, MAIL, NUMBER = "欧阳晓岚", "Lan.OuYang@example.com", "110101199003074477"


class Box(models.Model):
    """Somebody's particulars."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mail_digest = DigestField(of="mail")
    name = SealedTextField("姓名", row="uid", shown=Shown.NAME)
    mail = SealedTextField("电子邮箱", row="uid", shown=Shown.EMAIL, null=True)
    number = SealedTextField("证件号码", row="uid", shown=Shown.ID_NUMBER, null=True)
    number_digest = DigestField(of="number")
    more = SealedJSONField("其他", row="uid", null=True)

    class Meta:
        app_label = "sealedtest"
        db_table = "sealedtest_box"

    def __str__(self) -> str:
        return f"箱子 {self.pk}"


def make_box(**values: object) -> Box:
    return Box.objects.create(
        **{"name": NAME, "mail": MAIL, "number": NUMBER, "more": {"电话": "13800001111"}, **values}
    )


def key_line(name: str, sign: str) -> str:
    return f"{name}:{base64.urlsafe_b64encode(sign.encode() * 32).decode()}"
