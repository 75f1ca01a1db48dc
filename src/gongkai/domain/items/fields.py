"""The fields of an item's content, named as people read them."""

from __future__ import annotations

from collections.abc import Mapping

FIELD_NAMES: Mapping[str, str] = {
    "kind": "信息种类",
    "title": "标题",
    "body": "正文",
    "summary": "内容概述",
    "issuer": "发布机构",
    "joint": "联合发布单位",
    "doc_no": "文号",
    "written_on": "成文日期",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "有效期至",
    "subject": "主题分类",
    "keywords": "关键词",
    "columns": "栏目",
    "attachments": "附件",
    "attribute": "公开属性",
    "grounds": "依据",
    "ground_note": "理由说明",
}
