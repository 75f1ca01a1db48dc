"""Small pieces of evidence for the sample city: notes and lists made in code."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.kernel.documents import write_table_xlsx

_TITLES = ("活动现场记录", "专栏更新清单", "公开事项核对表", "会议签到与纪要", "意见建议办理情况", "检查情况通报")


def title(number: int) -> str:
    """Return what the piece is called."""
    return _TITLES[number % len(_TITLES)]


def kind(number: int) -> str:
    """Return ``url`` for every third piece, else ``file``."""
    return "url" if number % 3 == 2 else "file"


def paper(name: str, day: date, number: int) -> SimpleUploadedFile:
    """Return a text or a sheet as an uploaded file; what it says follows from its arguments."""
    if number % 2:
        text = f"{name}\n\n日期：{day:%Y年%m月%d日}\n\n按照任务要求逐项落实，情况如实记录。（示例材料）\n"
        return SimpleUploadedFile(f"{name}-{day:%m%d}.txt", text.encode(), content_type="text/plain")
    rows = [[line, f"第{line}项", f"{day:%Y-%m-%d}", "已完成"] for line in range(1, 6 + number % 5)]
    data = write_table_xlsx(["序号", "事项", "日期", "情况"], rows, title=f"{name}（示例材料）")
    return SimpleUploadedFile(f"{name}-{day:%m%d}.xlsx", data)
