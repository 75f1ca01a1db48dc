"""The audit actions and notice kinds of publishing."""

from __future__ import annotations

from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

TARGET_ITEM = "disclosure.item"
TARGET_BUNDLE = "disclosure.bundle"

MAKE = "disclosure.publication.make"
END = "disclosure.publication.end"
SCHEDULE_SET = "disclosure.schedule.set"
SCHEDULE_CANCEL = "disclosure.schedule.cancel"
SCHEDULE_FAIL = "disclosure.schedule.fail"
SCHEDULE_LATE = "disclosure.schedule.late"
BUNDLE_CREATE = "disclosure.bundle.create"
BUNDLE_ADD = "disclosure.bundle.add"
BUNDLE_REMOVE = "disclosure.bundle.remove"
BUNDLE_PUBLISH = "disclosure.bundle.publish"
BUNDLE_DISSOLVE = "disclosure.bundle.dissolve"

register_targets({TARGET_ITEM: "公开信息", TARGET_BUNDLE: "同步发布组合"})
register_actions(
    {
        MAKE: "发布信息",
        END: "终止公开",
        SCHEDULE_SET: "设定定时发布或下架",
        SCHEDULE_CANCEL: "取消定时发布或下架",
        SCHEDULE_FAIL: "定时发布未能执行",
        SCHEDULE_LATE: "定时发布未按时",
        BUNDLE_CREATE: "建立同步发布组合",
        BUNDLE_ADD: "加入同步发布组合",
        BUNDLE_REMOVE: "移出同步发布组合",
        BUNDLE_PUBLISH: "发布同步发布组合",
        BUNDLE_DISSOLVE: "解散同步发布组合",
    }
)

KIND_ALARM = "disclosure.schedule_alarm"
KIND_WITHDRAWN = "disclosure.withdrawn"
KIND_CITING = "disclosure.citing_withdrawn"
register_kinds(
    {
        KIND_ALARM: "定时发布未执行或未按时",
        KIND_WITHDRAWN: "已公开的信息被撤下",
        KIND_CITING: "引用的文件被撤下",
    }
)
