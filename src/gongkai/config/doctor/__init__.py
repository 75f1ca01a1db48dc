"""What is wrong with an installation and how to mend it: every check in one list, each returns one finding."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.config.doctor import data, database, machine, service
from gongkai.config.doctor.finding import Check, Finding, Level, Situation

__all__ = ["CHECKS", "Check", "Finding", "Level", "Situation", "examine"]

CHECKS: tuple[Check, ...] = (
    Check("python", "Python 版本", machine.check_python),
    Check("settings", "设置", machine.check_settings),
    Check("site", "网站登记信息", machine.check_site),
    Check("home", "数据目录", machine.check_home),
    Check("disk", "磁盘空间", machine.check_disk),
    Check("time_zone", "时区", machine.check_time_zone),
    Check("rules", "规则文件", data.check_rules),
    Check("service", "服务进程", service.check_service),
    Check("database", "数据库连接", database.check_connection),
    Check("database_version", "数据库版本", database.check_version, needs_database=True),
    Check("durability", "数据库落盘", database.check_durability, needs_database=True),
    Check("encoding", "数据库编码", database.check_encoding, needs_database=True),
    Check("clock", "时钟一致", database.check_clocks, needs_database=True),
    Check("migrations", "数据表版本", database.check_migrations, needs_database=True),
    Check("static", "网页静态文件", service.check_static, needs_database=True),
    Check("worker", "后台任务", service.check_worker, needs_database=True),
    Check("jobs", "失败的任务", service.check_jobs, needs_database=True),
    Check("email", "邮件", service.check_email),
    Check("calendar", "工作日历", data.check_calendar, needs_database=True),
    Check("audit", "审计链", data.check_audit, needs_database=True),
    Check("files", "文件", data.check_files, needs_database=True),
    Check("seal", "个人信息的密钥", data.check_seal, needs_database=True),
    Check("demo", "示例数据", data.check_demo, needs_database=True),
)


def examine(situation: Situation, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check; one that cannot be carried out is a finding too, never a traceback."""
    findings = []
    for check in checks:
        if check.needs_database and situation.database_problem:
            finding = Finding(Level.NOTICE, "数据库不可用，没有检查。", "先解决数据库连接的问题。")
        else:
            try:
                finding = check.function(situation)
            except Exception as error:  # a broken installation may break anything
                said = " ".join(str(error).split()) or "没有说明"
                finding = Finding(
                    Level.ERROR, f"检查没有完成（{type(error).__name__}：{said}）。", "把这一行报告给维护人员。"
                )
        findings.append(finding.of(check))
    return findings
