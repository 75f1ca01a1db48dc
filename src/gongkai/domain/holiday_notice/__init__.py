"""Reading the State Council General Office's yearly notice on holidays (国务院办公厅关于…年部分节假日安排的通知).

``read_notice`` takes the text as it is copied from a web page or a scanned copy, says line by line what it understood,
and gives a year only when everything agrees: weekdays in brackets, 共N天, make-up days on weekends, no festival missing,
no day both off and made up, and the balance of days off against make-up days with what the law grants.
"""

from gongkai.domain.holiday_notice.model import (
    Amendment,
    Change,
    NoticeKind,
    NoticeReading,
    StatutoryDays,
    Understood,
)
from gongkai.domain.holiday_notice.reading import amend_year, read_item, read_notice

__all__ = [
    "Amendment",
    "Change",
    "NoticeKind",
    "NoticeReading",
    "StatutoryDays",
    "Understood",
    "amend_year",
    "read_item",
    "read_notice",
]
