"""How an applicant wants to get the information (art. 29, art. 40), as the form offers it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Form(StrEnum):
    """In which form the information is wanted."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    INSPECTION = "inspection"


FORM_NAMES: Mapping[Form, str] = {Form.ELECTRONIC: "电子版", Form.PAPER: "纸质件", Form.INSPECTION: "当面查阅、抄录"}
