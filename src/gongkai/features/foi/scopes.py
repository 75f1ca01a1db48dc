"""What connected systems may be let in for."""

from __future__ import annotations

SUBMIT, STATUS, FIGURES = "foi.submit", "foi.status", "foi.figures"
NAMES = {
    SUBMIT: "依申请公开：移交申请",
    STATUS: "依申请公开：查询本系统移交的申请",
    FIGURES: "依申请公开：读取统计数字",
}
