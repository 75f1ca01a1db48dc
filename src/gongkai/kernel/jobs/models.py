"""What we keep about jobs beside procrastinate's own tables: a sign of life and why a job failed last."""

from __future__ import annotations

from django.db import models


class JobHeartbeat(models.Model):
    """The last moment at which a worker really ran a job; one row a name."""

    name = models.CharField("名称", max_length=50, primary_key=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "后台任务心跳"
        verbose_name_plural = verbose_name


class JobFailure(models.Model):
    """Why a job failed the last time; procrastinate itself keeps no reason."""

    job_id = models.BigIntegerField("任务编号", primary_key=True)
    name = models.CharField("任务", max_length=128)
    attempt = models.PositiveIntegerField("第几次执行")
    error = models.TextField("错误")
    trace = models.TextField("出错位置")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "后台任务失败原因"
        verbose_name_plural = verbose_name
        ordering = ["-at"]
