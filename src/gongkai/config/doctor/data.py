"""Checks of what the law's arithmetic and the proof of it stand on: rules, calendar years, audit chain, sample data."""

from __future__ import annotations

from pathlib import Path

from gongkai.config.doctor.finding import BEIJING, Finding, Situation, error, fine, notice

NOTICE_MONTH = 11  # the State Council's notice for the next year has come out in October or November


def check_rules(situation: Situation) -> Finding:
    """Can the shipped rules and the office's own ones be read, and does none loosen the law?"""
    from gongkai.rulebook.foi_check import foi_faults
    from gongkai.rulebook.loader import RulebookInvalid
    from gongkai.rulebook.lookup import Rulebook
    from gongkai.rulebook.messages import describe

    folder = situation.env["GONGKAI_RULES_DIR"]
    if folder and not Path(folder).is_dir():
        return error(f"GONGKAI_RULES_DIR 指定的目录 {folder} 不存在。", "改正路径，或留空只用内置规则。")
    try:
        book = Rulebook.load([Path(folder)] if folder else [])
        faults = foi_faults(book, on=situation.now.astimezone(BEIJING).date())
    except RulebookInvalid as invalid:
        faults = invalid.issues
    if faults:
        return error("".join(describe(issue) for issue in faults), "按提示改正规则文件。")
    return fine(f"{len(book.rules)} 条规则")


def check_calendar(situation: Situation) -> Finding:
    """Is this year's holiday notice on file, and from November on the next year's?"""
    from gongkai.kernel.clocks.selectors import calendar_current

    today = situation.now.astimezone(BEIJING).date()
    years = calendar_current().published_years
    remedy = "在工作台的工作日历页面粘贴国务院办公厅的放假通知，或运行 gongkai calendar import 文件。"
    if today.year not in years:
        return error(f"没有 {today.year} 年的放假安排，今年的期限都只能暂定。", remedy)
    if today.month >= NOTICE_MONTH and today.year + 1 not in years:
        return notice(f"还没有 {today.year + 1} 年的放假安排，跨年的期限只能暂定。", remedy)
    return fine(f"已有 {years[0]}—{years[-1]} 年")


def check_audit(situation: Situation) -> Finding:
    """Does the newest entry of the audit log still give its digest?"""
    from gongkai.kernel.audit.models import Entry
    from gongkai.kernel.audit.selectors import entry_intact

    newest = Entry.objects.order_by("-sequence").first()
    if newest is None:
        return fine("还没有记录")
    if not entry_intact(newest):
        return error(
            f"审计记录第 {newest.sequence} 条的内容与其摘要不符。",
            "运行 gongkai audit verify 找出第一处断点，并按安全事件处置。",
        )
    return fine(f"共 {newest.sequence} 条，最新一条完好（全部核对请运行 gongkai audit verify）")


def check_files(situation: Situation) -> Finding:
    """Are the bytes of every stored file there and unchanged? All of them are read, so it takes longer with many."""
    from gongkai.kernel.files.selectors import file_issues
    from gongkai.rulebook.messages import describe

    broken = list(file_issues())
    if broken:
        return error(
            f"{len(broken)} 个文件丢失或内容有变，例如：{describe(broken[0])}",
            "从备份恢复 files/ 目录中的这些文件；不是人为改动的，请检查磁盘。",
        )
    return fine("存入的文件都在，内容与摘要一致")


def check_seal(situation: Situation) -> Finding:
    """Are the keys there with which personal data were sealed, and readable for their owner only?"""
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.sealed.keys import key_file, key_ring
    from gongkai.kernel.sealed.selectors import keys_in_use

    try:
        ring = key_ring()
    except Refused as refusal:
        return error(str(refusal).replace("\n", ""), "改正或恢复密钥后重新运行 gongkai doctor。")
    used = keys_in_use()
    lost = {name: count for name, count in used.items() if ring.get(name) is None}
    if lost:
        names = "、".join(name or "（不是密文）" for name in sorted(lost))
        return error(
            f"{sum(lost.values())} 项个人信息打不开：没有密钥 {names}。",
            "恢复密钥文件 sealed_keys 的备份，不要删除现有的密钥。",
        )
    if not situation.env["GONGKAI_SEALED_KEYS"] and key_file().stat().st_mode & 0o077:
        return error(f"密钥文件 {key_file()} 别的用户也能读。", f"运行 chmod 600 {key_file()}。")
    old = sum(count for name, count in used.items() if name != ring.newest.name)
    if old:
        return notice(f"还有 {old} 项个人信息是用旧密钥加密的。", "运行 gongkai seal renew。")
    return fine(f"{len(ring.keys)} 个密钥，{sum(used.values())} 项个人信息（请另外备份密钥）")


def check_demo(situation: Situation) -> Finding:
    """Is the sample city where real work is done?"""
    from gongkai.kernel.audit.selectors import entry_list

    if not entry_list(target_type="demo", target_id="city").exists():
        return fine("没有示例数据")
    if situation.production:
        return error("生产环境中有示例城市的数据和演示账号。", "运行 gongkai demo remove。")
    return fine("有示例城市（gongkai demo remove 可以移除）")
