"""The audit actions and notice kinds of the work plans."""

from __future__ import annotations

from gongkai.domain.ledger import VERB_NAMES, Verb
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

ITEM_ACTIONS = {verb: f"workplans.item.{verb.value}" for verb in Verb}

register_targets(
    {
        "workplans.import": "方案导入",
        "workplans.plan": "工作方案",
        "workplans.item": "任务",
        "workplans.template": "督办单模板",
        "workplans.export": "台账导出",
    }
)
register_actions({code: f"任务：{VERB_NAMES[verb]}" for verb, code in ITEM_ACTIONS.items()})
register_actions(
    {
        "workplans.import.upload": "上传工作方案",
        "workplans.import.correct": "修改方案导入内容",
        "workplans.import.resolve": "对照方案中的单位",
        "workplans.import.discard": "放弃方案导入",
        "workplans.plan.confirm": "确认工作方案",
        "workplans.plan.activate": "启用工作方案",
        "workplans.plan.publish": "公开工作方案进度",
        "workplans.plan.unpublish": "停止公开工作方案进度",
        "workplans.plan.archive": "归档工作方案",
        "workplans.item.create": "任务：建立",
        "workplans.evidence.add": "添加佐证材料",
        "workplans.evidence.remove": "移除佐证材料",
        "workplans.check.record": "记录检查结果",
        "workplans.duty.add": "建立定期任务",
        "workplans.duty.end": "结束定期任务",
        "workplans.supervision.issue": "发出督办单",
        "workplans.supervision.answer": "答复督办单",
        "workplans.template.replace": "更换督办单模板",
        "workplans.export.request": "申请导出台账",
    }
)

KIND_WORK = "workplans.work"
KIND_REMINDER = "workplans.reminder"
KIND_ESCALATION = "workplans.escalation"
KIND_SUPERVISION = "workplans.supervision"
KIND_EXPORT = "workplans.export"
register_kinds(
    {
        KIND_WORK: "任务交办与办理",
        KIND_REMINDER: "任务到期提醒",
        KIND_ESCALATION: "任务逾期提醒",
        KIND_SUPERVISION: "督办单",
        KIND_EXPORT: "台账导出",
    }
)
