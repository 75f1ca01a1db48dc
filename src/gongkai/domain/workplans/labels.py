"""Names of roles: what stands before a colon in a bracket, and what stands at the head of a column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gongkai.domain.workplans.characters import squeeze


class Role(StrEnum):
    """What a labelled piece or a column holds."""

    NO = "no"
    PATH = "path"
    TASK = "task"
    TEXT = "text"
    TARGET = "target"
    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    LEADERS = "leaders"
    DUE = "due"
    WHEN = "when"
    PERIOD = "period"
    PROGRESS = "progress"
    NOTE = "note"
    CONTACT = "contact"


UNIT_ROLES = frozenset({Role.LEAD, Role.RESPONSIBLE, Role.COOPERATING})
TASK_ROLES = frozenset({Role.PATH, Role.TASK, Role.TEXT, Role.TARGET})

_ORGAN = "(?:单位|部门|科室|股室|处室|机构|主体|镇街|地区|属地|站所|科|股)"

# First match wins; each pattern must cover the whole heading.
_HEADINGS: tuple[tuple[Role, str], ...] = (
    (Role.NO, r"序号?|编号|项次|NO\.?|No\.?|任务序号|任务编号|序列号?"),
    (Role.CONTACT, r".*(?:电话|联系方式|手机|邮箱|传真).*"),
    (Role.LEADERS, rf"(?!.*{_ORGAN}).*(?:领导|责任人|联系人|联络员|负责人|牵头人|组长|负责同志|责任人员|经办人)"),
    (Role.LEAD, r".*(?:牵头|主办|主责|主抓).*|主管(?:单位|部门)|第一责任.*|主要责任(?:单位|部门).*"),
    (Role.COOPERATING, rf".*(?:配合|协办|协助|参与|协同|协作|会办|辅办|支持).*{_ORGAN}.*|配合|协办"),
    (Role.WHEN, r"(?:活动|举办|开展|开放|举行|拟定|发布|召开|宣传|播出|培训|会议)(?:开展)?(?:时间|日期|月份)|日程|月份"),
    (
        Role.DUE,
        r".*(?:时限|期限|节点|截止|起止|工期|完成(?:时间|日期|年限|月份)|时间(?:要求|安排|进度|计划|表|段)?"
        r"|进度(?:安排|要求|计划)|完成进度要求|日期)(?:要求|安排)?",
    ),
    (
        Role.RESPONSIBLE,
        rf".*(?:责任|落实|承办|实施|负责|完成|执行|承担|经办|办理|整改|活动|参加|开放|组织|承接|发布|报送).*{_ORGAN}.*"
        rf"|(?:责任|职责|任务|工作)分工|分工(?:情况)?|责任|各?{_ORGAN}|单位名称?|部门名称?|涉及{_ORGAN}|相关{_ORGAN}",
    ),
    (Role.PROGRESS, r".*(?:进展|(?:完成|落实|推进|整改|办理|开展)情况|工作进度|完成进度|目前|现状|是否|销号|佐证).*"),
    (Role.NOTE, r"备注|说明|注|附注|其他"),
    (Role.PATH, r".*(?:类别|类型|领域|板块|方面|分类|章节|一级|大项|篇章)(?:指标|任务|事项|目录)?"),
    (Role.TASK, r"(?:重点|主要|工作|年度|目标|总体|具体|专项|牵头|分项)?(?:目标)?任务(?:名称|事项|清单|类别|安排)?|(?:工作|任务|重点|活动|改革)?(?:名称|主题|事项|项目)|重点工作|工作重点|项目名称|主要工作|[二三]级(?:指标|任务|目录)?"),
    (Role.TARGET, r".*(?:目标|成效|成果|标准|指标|效果|产出|考核).*"),
    (Role.TEXT, r".*(?:措施|举措|要求|具体|内容|做法|路径|安排|步骤|分解|细化|计划|任务|事项|工作|要点).*"),
)  # fmt: skip
_HEADING_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _HEADINGS)
# Limits of a matter that is disclosed or handled, not of a task: columns of standard catalogs and service guides.
_OTHER_LIMITS = re.compile(
    "(?:启动|开始|起始|上报|填报)(?:时间|日期)|(?:公开|办理|法定|承诺|保存|受理|审批|答复)(?:办理)?(?:时限|期限|时间)"
)
# A column for the work of one quarter, month or half-year.
_PERIOD_HEADING = re.compile(
    "(?:20\\d{2}年)?(?:第?[一二三四1-4]季度|[上下]半年|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)(?:底|末)?(?:目标|任务|安排|计划|工作)?"
)
_IN_BRACKETS = re.compile("[（〔][^（）〔〕]*[）〕]")


def column_role(text: str) -> Role | None:
    """Return the role of a column headed ``text``, or None when it is no heading we know."""
    squeezed = squeeze(text)[0].strip("*#：、，.")
    plain = _IN_BRACKETS.sub("", squeezed)
    if not plain:
        plain = squeezed.strip("（）〔〕")
    if not 0 < len(plain) <= 14 or re.search("[。；，！]", plain):
        return None
    if _OTHER_LIMITS.fullmatch(plain):
        return None
    if _PERIOD_HEADING.fullmatch(plain):
        return Role.PERIOD
    for role, pattern in _HEADING_PATTERNS:
        if pattern.fullmatch(plain):
            return role
    return None


_UNIT_LABEL = (
    r"(?:共同|总|主要|具体|第一|直接|市级|县级|区级|省级|相关)?"
    r"(?:牵头|主办|主责|责任|配合|协办|协助|协同|参与|参加|落实|承办|实施|组织|执行|负责|完成|主管|整改|经办|办理|承担)"
    r"(?:[（〔][^（）〔〕]{1,6}[）〕])?(?:责任|负责|落实|配合|实施)?"
    r"(?:单位|部门|科室|股室|处室|机构|主体|镇街|地区)(?:[（〔][^（）〔〕]{1,8}[）〕])?(?:及(?:责任)?分工|及责任人)?"
)
_LEADER_LABEL = (
    r"(?:牵头|责任|分管|包保|挂点|市级|县级|区级|主管|包联|联系|局|具体|第一|直接)*(?:领导|责任人|联系人|负责人|牵头人)"
)
_DUE_LABEL = (
    r"(?:完成|办结|工作|整改|推进|实施|落实|计划|截止|预计|任务)?"
    r"(?:时限|期限|时间节点|时间要求|时间安排|进度安排|时间|日期|时间进度|节点)(?:要求|安排)?"
)
_OTHER_LABEL = (
    r"(?:工作|预期|年度|任务|具体|主要|考核|量化)?(?:目标|成效|成果|标准|指标)(?:形式|要求)?"
    r"|(?:工作|具体|主要|推进|任务|重点)?(?:举措|措施|要求|内容|任务|事项)|备注|(?:进展|完成|落实)情况|联系(?:电话|方式)"
)
_SHORT_LABEL = r"牵头|配合|责任|主办|协办|负责|参与|落实|承办"

_BOUNDARY = r"(?:(?<=^)|(?<=[\s。；，、！〔（）〕*]))"
_IN_BRACKET = re.compile(
    rf"(?P<unit>{_UNIT_LABEL})\**\s*：|(?P<leader>{_LEADER_LABEL})\**\s*：|{_BOUNDARY}(?P<due>{_DUE_LABEL})\**\s*："
    rf"|{_BOUNDARY}(?P<other>{_OTHER_LABEL})\**\s*：|{_BOUNDARY}(?P<short>{_SHORT_LABEL})\**\s*："
)
_AT_LINE = re.compile(
    rf"[\s*]*(?:[（〔])?(?:(?P<unit>{_UNIT_LABEL})|(?P<leader>{_LEADER_LABEL})|(?P<due>{_DUE_LABEL})"
    rf"|(?P<other>{_OTHER_LABEL}))[\s*]*：[\s*]*"
)
_AT_LINE_BLANK = re.compile(
    rf"[\s*]*(?:(?P<unit>{_UNIT_LABEL})|(?P<due>(?:完成|办结|整改)?(?:时限|期限)(?:要求)?|完成时间|时间要求|时间节点))\**\s+(?=\S)"
)
_AFTER_STOP = re.compile(
    rf"(?<=[。；！〕）\s，、])(?:(?P<unit>{_UNIT_LABEL})|(?P<leader>{_LEADER_LABEL})"
    r"|(?P<due>(?:完成|办结|整改)(?:时限|期限|时间)|(?:时限|时间)(?:要求|节点)))\s*："
)


def _role_of_match(found: re.Match[str]) -> tuple[Role, str]:
    groups = found.groupdict()
    if groups.get("due"):
        return Role.DUE, str(groups["due"])
    if groups.get("leader"):
        return Role.LEADERS, str(groups["leader"])
    name = str(groups.get("unit") or groups.get("short") or groups.get("other"))
    role = column_role(name)
    if groups.get("short"):
        role = Role.LEAD if name in ("牵头", "主办") else Role.COOPERATING if name in ("配合", "协办", "参与") else None
    if groups.get("unit") and role not in UNIT_ROLES:
        role = Role.RESPONSIBLE
    if groups.get("other") and role not in (Role.TARGET, Role.NOTE, Role.PROGRESS, Role.CONTACT):
        role = Role.TEXT
    return role or Role.RESPONSIBLE, name


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text: its role and name, where it begins, where its content begins."""

    role: Role
    name: str
    start: int
    end: int


def labels_in_bracket(folded: str) -> list[Label]:
    """Return every label in the inside of a bracket or in a row of labelled lines."""
    return [Label(*_role_of_match(m), m.start(), m.end()) for m in _IN_BRACKET.finditer(folded)]


def label_at_line(folded: str) -> Label | None:
    """Return the label that a paragraph begins with, an opening bracket before it allowed."""
    found = _AT_LINE.match(folded)
    if not found:
        found = _AT_LINE_BLANK.match(folded)
        if found and column_role(folded[found.end() :].split()[0]) is not None:
            return None
    return Label(*_role_of_match(found), found.start(), found.end()) if found else None


def labels_after_stop(folded: str) -> list[Label]:
    """Return unit labels that follow the end of a sentence without any bracket."""
    return [Label(*_role_of_match(m), m.start(), m.end()) for m in _AFTER_STOP.finditer(folded)]
