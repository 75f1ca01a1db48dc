"""Examples of the OpenAPI document, with invented people."""

from __future__ import annotations

from typing import Any

BY_PHONE: dict[str, Any] = {
    "sender_no": "RX20260302-0153",
    "unit": 12,
    "channel": "oral",
    "submitted_on": "2026-03-02",
    "confirmed": True,
    "no_log": False,
    "applicant": {
        "kind": "natural_person",
        "name": "李某某",
        "id_number": "36072119900101123X",
        "phone": "13900000000",
        "address": "某某县某某镇某某路8号，341000",
    },
    "subject": "学府路改造项目环境影响评价批复",
    "description": "2025年学府路改造项目的环境影响报告表及批复文件。",
    "wanted_form": "paper",
    "wanted_delivery": "post",
}
ONLINE: dict[str, Any] = {
    "sender_no": "APP-2026-000871",
    "unit": 12,
    "channel": "online",
    "applicant": {
        "kind": "business",
        "name": "某某建材有限公司",
        "org_code": "91360721MA00000000",
        "representative": "王某某",
        "contact_name": "赵某某",
        "phone": "13900000001",
    },
    "subject": "2025年农村公路养护资金安排",
    "doc_no": "青财建〔2025〕18号",
    "description": "2025年度县级农村公路养护资金的分配文件和附表。",
    "wanted_form": "electronic",
    "wanted_delivery": "online",
}
TAKEN: dict[str, Any] = {
    "id": "5f0f2a3e-8f3b-4c57-9b1d-0a4f6f1f7c11",
    "url": "https://www.example.gov.cn/api/v1/foi/applications/5f0f2a3e-8f3b-4c57-9b1d-0a4f6f1f7c11/",
    "sender_no": "RX20260302-0153",
    "register_no": "2026-0031",
    "unit": {"id": 12, "name": "某某县教育体育局"},
    "handed_at": "2026-03-02T10:15:00+08:00",
    "stage": "checking",
    "status": "已登记，正在审核",
    "received_on": "2026-03-02",
    "due_on": "2026-03-30",
    "provisional": False,
    "closed_on": None,
    "provisional_reason": "",
    "overdue_days": 0,
    "replied_on": None,
    "result": None,
    "waits": [],
    "trace": ["3月2日收到申请，自次日起算"],
    "course": [{"on": "2026-03-02", "words": "申请人提交申请（口头）"}],
    "query_code": "ACDE-FGHJ-KMNP",
    "follow_url": "https://www.example.gov.cn/apply/follow/",
    "repeated": False,
}
