"""Checks of what ought to be running, and of what it needs: static files, the worker, its jobs, e-mail."""

from __future__ import annotations

import fcntl
import smtplib
from urllib.parse import unquote, urlsplit

from gongkai.config.doctor.finding import Finding, Situation, error, fine, notice
from gongkai.config.startup import static_digest

EMAIL_SECONDS = 10


def running_process(situation: Situation) -> str:
    """Return the process number of ``gongkai run`` on this data folder, or nothing."""
    seat = situation.home / "run.lock"
    if not seat.exists():
        return ""
    with open(seat, encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() or "未知"
    return ""


def check_service(situation: Situation) -> Finding:
    """Does ``gongkai run`` look after this data folder?"""
    process = running_process(situation)
    if process:
        return fine(f"gongkai run 正在运行（进程 {process}）")
    if situation.production:
        return fine("由别的方式启动（生产方式）")
    return notice("gongkai run 没有在这个数据目录上运行。", "需要提供服务时运行 make run 或 gongkai run。")


def check_static(situation: Situation) -> Finding:
    """Are the collected static files those of this version?"""
    stamp = situation.home / "static.digest"
    if stamp.exists() and stamp.read_text() == static_digest():
        return fine("与程序一致")
    remedy = "运行 gongkai collectstatic（gongkai run 启动时也会自动更新）。"
    if situation.production and not stamp.exists():
        return notice("不能判断静态文件是否与程序一致。", remedy)
    return error("静态文件还没有收集，或不是这个版本的；页面会没有样式。", remedy)


def check_worker(situation: Situation) -> Finding:
    """Has a worker run anything within the last minutes?"""
    from gongkai.kernel.jobs.selectors import heartbeat_at, worker_alive

    if worker_alive(now=situation.now):
        return fine("有后台任务进程在工作")
    last = heartbeat_at()
    seen = f"最近一次是 {last.astimezone():%Y-%m-%d %H:%M:%S}" if last else "从未运行过"
    message = f"没有后台任务进程在工作（{seen}），提醒、邮件和定时检查都不会进行。"
    if not running_process(situation) and not situation.production:
        return notice(message, "运行 gongkai run，它会同时启动后台任务。")
    return error(message, "查看 logs/worker.log；生产方式另行启动：gongkai procrastinate worker。")


def check_jobs(situation: Situation) -> Finding:
    """Have jobs failed for good, or lost their worker?"""
    from gongkai.kernel.jobs.selectors import job_counts, jobs_lost

    failed, lost = job_counts().get("failed", 0), len(jobs_lost(now=situation.now))
    if failed or lost:
        words = [f"{failed} 个任务多次失败"] * bool(failed) + [f"{lost} 个任务的进程已经不在"] * bool(lost)
        return notice(
            f"{'，'.join(words)}。", "在工作台的后台任务页面查看原因，改正后重新执行；进程不在的任务会自动重新执行。"
        )
    return fine("没有")


def check_email(situation: Situation) -> Finding:
    """Is e-mail set up, and does its server answer?"""
    url = situation.env["GONGKAI_EMAIL_URL"]
    if not url:
        return notice("没有设置邮件服务，只发站内通知。", "需要邮件时设置 GONGKAI_EMAIL_URL。")
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(
            parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25), timeout=EMAIL_SECONDS
        ) as server:
            if parts.port == 587:
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as reason:
        return error(
            f"邮件服务 {parts.hostname} 不能使用（{' '.join(str(reason).split())}）。",
            "核对 GONGKAI_EMAIL_URL 和网络。",
        )
    days = situation.env["GONGKAI_NOTICE_EMAIL_DAYS"]
    old = f"，{days} 天以前的事情只发站内通知" if days else ""
    return fine(f"{parts.hostname} 可以使用{old}")
