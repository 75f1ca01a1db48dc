"""The audit actions and notice kinds of items."""

from __future__ import annotations

from gongkai.domain.items.states import VERB_NAMES, Verb
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

TARGET = "disclosure.item"
TARGET_EXPORT = "disclosure.export"
ITEM_ACTIONS = {verb: f"disclosure.item.{verb.value}" for verb in Verb}

register_targets({TARGET: "公开信息", "disclosure.column": "公开栏目", "disclosure.index_scheme": "索引号规则"})
register_actions({code: f"公开信息：{VERB_NAMES[verb]}" for verb, code in ITEM_ACTIONS.items()})
register_actions(
    {
        "disclosure.item.create": "公开信息：新建",
        "disclosure.item.restore": "公开信息：恢复旧版本",
        "disclosure.item.attach": "公开信息：添加附件",
        "disclosure.item.detach": "公开信息：移除附件",
        "disclosure.item.replace": "公开信息：更换附件",
        "disclosure.item.arrange": "公开信息：调整附件",
        "disclosure.item.limit": "公开信息：限制知悉范围",
        "disclosure.item.unlimit": "公开信息：解除知悉限制",
        "disclosure.item.add_reader": "公开信息：增加知悉人员",
        "disclosure.item.remove_reader": "公开信息：移除知悉人员",
        "disclosure.item.move_unit": "公开信息：移交单位",
        "disclosure.column.ensure": "补齐公开栏目",
        "disclosure.column.save": "维护公开栏目",
        "disclosure.column.close": "停用公开栏目",
        "disclosure.index_scheme.set": "设定索引号规则",
    }
)

KIND_REVIEW = "disclosure.review"
register_kinds({KIND_REVIEW: "公开信息审核结果"})
