from __future__ import annotations

import pytest

from gongkai.domain.workplans.model import Period
from gongkai.domain.workplans.periodic import find_periodic


class TestFindPeriodic:
    @pytest.mark.parametrize(
        ("text", "count", "period"),
        [
            ("各地各部门每月至少组织开展一次政务公开活动，推动工作", 1, Period.MONTH),
            ("主要负责人每年至少听取1次政务公开工作情况汇报", 1, Period.YEAR),
            ("各单位主要负责同志年内至少听取一次汇报", 1, Period.YEAR),
            ("全年开展不少于2次培训", 2, Period.YEAR),
            ("每半年至少研究1次政务公开工作", 1, Period.HALF_YEAR),
            ("县政府办公室每季度组织一次业务交流", 1, Period.QUARTER),
            ("每两个月召开一次例会", 1, Period.TWO_MONTHS),
            ("每季度", 1, Period.QUARTER),
            ("统计部门每季度更新主要指标并同步公布数据来源说明", 1, Period.QUARTER),
        ],
    )
    def test_counts_what_must_come_round(self, text: str, count: int, period: Period) -> None:
        assert [(f.value.count, f.value.period) for f in find_periodic(text)] == [(count, period)]

    @pytest.mark.parametrize(
        "text",
        ["7×24小时提供服务", "今年以来召开三次会议，各单位均按要求完成", "第一批县（区）要发挥榜样作用，继续走在前列"],
    )
    def test_takes_no_count_for_a_duty(self, text: str) -> None:
        assert find_periodic(text) == []
