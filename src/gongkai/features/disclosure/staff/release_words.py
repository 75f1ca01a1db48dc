"""Moments and digests in words: what a clerk reads before something is sent out at a moment."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def moment_words(at: datetime, *, now: datetime) -> str:
    """Say a moment to the second and how far it is: 11月25日（周二）09:00:00，距今3天."""
    local, here = timezone.localtime(at), timezone.localtime(now)
    year = f"{local.year}年" if local.year != here.year else ""
    weekday = WEEKDAYS[local.weekday()]
    return f"{year}{local.month}月{local.day}日（周{weekday}）{local:%H:%M:%S}，{distance_words(at, now=now)}"


def distance_words(at: datetime, *, now: datetime) -> str:
    """Say how far a moment is: in whole days of the calendar from two days on, else in hours, minutes, seconds."""
    seconds = int((at - now).total_seconds())
    days = abs((timezone.localtime(at).date() - timezone.localtime(now).date()).days)
    if abs(seconds) >= 24 * 3600 and days:
        length = f"{days}天"
    elif abs(seconds) >= 3600:
        hours, minutes = divmod(abs(seconds) // 60, 60)
        length = f"{hours}小时{minutes}分钟" if minutes else f"{hours}小时"
    elif abs(seconds) >= 60:
        length = f"{abs(seconds) // 60}分钟"
    else:
        length = f"{abs(seconds)}秒"
    return f"距今{length}" if seconds >= 0 else f"已过去{length}"
