"""Very many applications with what belongs to them, written straight into the tables of a scratch database.

Sixty units over ten years, one of them with a fifth of all cases; 2 % open, at every stage; four events a case, one round,
a review for two in a hundred ended ones. Subjects are put together from places, projects and kinds of papers, so that words
come as often as they do; one case in five thousand has a rare one. Names are sealed one by one as the program does it.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

YEARS = 10
OPEN_SHARE = 0.02
BIG_SHARE = 0.2
RARE, RARE_EACH = "孔雀湖湿地", 5000
PLACES = [
    a + b for a in "东西南北中" for b in ("湾镇", "岭乡", "溪街道", "河村", "山开发区", "关社区", "塘新区", "坪工业园")
]
PROJECTS = [
    a + b
    for a in (
        "学府路",
        "沿江大道",
        "第三中学",
        "人民医院",
        "污水处理厂",
        "安置小区",
        "农贸市场",
        "旧城",
        "高标准农田",
        "水库",
    )
    for b in ("改造项目", "扩建工程", "征地补偿", "招标投标", "验收", "资金使用")
]
PAPERS = [
    "环境影响评价批复", "补偿安置方案", "建设工程规划许可证", "立项批复", "财政拨款明细", "会议纪要", "合同文本",
    "勘测定界图", "听证笔录", "验收报告", "审批材料", "公告张贴照片", "风险评估报告", "用地预审意见", "处罚决定书",
]  # fmt: skip
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "明华强芳丽军伟静娟平涛"
CHANNELS = (
    ("online", 60), ("registered_mail", 16), ("in_person", 12), ("email", 5), ("ordinary_mail", 4), ("oral", 2), ("fax", 1),
)  # fmt: skip
RESULTS = (
    ("granted_provide", 42), ("granted_already_public", 16), ("partial", 9), ("denied_third_party", 3),
    ("denied_state_secret", 1), ("unable_not_exist", 12), ("unable_other_organ", 6), ("other_withdrawn", 7), ("other_no_supplement", 4),
)  # fmt: skip
OPEN_STAGES = (
    ("submitted", 8), ("checking", 12), ("supplement_wait", 8), ("handling", 40), ("third_party_wait", 8),
    ("organ_wait", 4), ("deciding", 12), ("signed", 3), ("sent", 5),
)  # fmt: skip


def drawn(chance: random.Random, weighted: Sequence[tuple[str, int]], number: int) -> list[str]:
    """Draw words by weight."""
    return chance.choices([word for word, _ in weighted], [weight for _, weight in weighted], k=number)


class Cases:
    """Rows of cases, one after the other; the same on every run of a day."""

    def __init__(
        self, units: Sequence[int], people: Mapping[int, Sequence[int]], known: Sequence[str], today: date
    ) -> None:
        self.chance = random.Random(5)
        self.units, self.people, self.today = units, people, today
        self.results = [(code, weight) for code, weight in RESULTS if code in known]
        others = [1 + (place % 7) for place in range(len(units) - 1)]
        whole = sum(others)
        self.weights = [BIG_SHARE, *((1 - BIG_SHARE) * one / whole for one in others)]

    def rows(self, number: int) -> Iterator[dict[str, Any]]:
        """Yield a case at a time, the oldest first."""
        chance, first = self.chance, self.today - timedelta(days=365 * YEARS)
        taken: dict[tuple[int, int], int] = defaultdict(int)
        closing = int(number * (1 - OPEN_SHARE))
        length = (self.today - first).days - 60
        for start in range(0, number, 20_000):
            size = min(20_000, number - start)
            units = chance.choices(self.units, self.weights, k=size)
            channels = drawn(chance, CHANNELS, size)
            ends = drawn(chance, self.results, size)
            stages = drawn(chance, OPEN_STAGES, size)
            for place in range(size):
                n = start + place
                is_open = n >= closing
                day = 60 - int(60 * (n - closing) / max(number - closing, 1)) if is_open else 0
                received = (
                    self.today - timedelta(days=day) if is_open else first + timedelta(days=length * n // closing)
                )
                unit = units[place]
                taken[unit, received.year] += 1
                subject = f"{chance.choice(PLACES)}{received.year}年{chance.choice(PROJECTS)}{chance.choice(PAPERS)}"
                if n % RARE_EACH == RARE_EACH // 2:
                    subject = f"{RARE}{subject}"
                extended = chance.random() < 0.08
                due = received + timedelta(days=56 if extended else 28)
                handler = chance.choice(self.people[unit])
                row = {
                    "id": n + 1,
                    "uid": uuid.UUID(int=chance.getrandbits(128), version=4),
                    "unit_id": unit,
                    "register_no": f"{received.year}-{taken[unit, received.year]:04d}",
                    "channel": channels[place],
                    "subject": subject,
                    "started_on": received,
                    "handler_id": handler,
                    "received_on": received,
                    "due_on": due,
                    "target_on": received + timedelta(days=20),
                    "name": chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN),
                    "extended": extended,
                    "used_days": None,
                    "late_days": 0,
                }
                yield row | (self._open(stages[place]) if is_open else self._ended(row, ends[place]))

    def _open(self, stage: str) -> dict[str, Any]:
        waits = stage in ("supplement_wait", "third_party_wait", "organ_wait")
        told = {
            "stage": stage,
            "clock_state": "not_started" if stage == "submitted" else "paused" if waits else "running",
            "wait_due_on": self.today + timedelta(days=self.chance.randrange(-5, 15)) if waits else None,
            "replied_on": self.today if stage == "sent" else None,
            "disposition": "",
            "closed_on": None,
        }
        if stage == "submitted":
            told |= {"received_on": None, "due_on": None, "target_on": None, "handler_id": None}
        return told

    def _ended(self, row: Mapping[str, Any], result: str) -> dict[str, Any]:
        days = self.chance.randrange(3, 55 if row["extended"] else 29) + (9 if self.chance.random() < 0.04 else 0)
        replied = row["received_on"] + timedelta(days=days)
        late = max((replied - row["due_on"]).days * 5 // 7, 0)
        answered = not result.startswith("other_")
        return {
            "stage": "archived" if self.chance.random() < 0.8 else "closed",
            "clock_state": "stopped",
            "wait_due_on": None,
            "replied_on": replied if answered else None,
            "disposition": result,
            "closed_on": replied + timedelta(days=2),
            "used_days": days * 5 // 7 if answered else None,
            "late_days": late if answered else 0,
        }


def fill(number: int, units: Sequence[int], people: Mapping[int, Sequence[int]], template: Any, today: date) -> None:
    """Write the cases; ``template`` is an application whose other columns they share, and which is deleted."""
    from django.db import connection
    from psycopg import sql

    from gongkai.features.foi.models import Applicant
    from gongkai.features.foi.selectors.course import law_of
    from gongkai.kernel.sealed.sealing import seal_text

    known = list(law_of(today).dispositions.dispositions)
    given = {field.column: field for field in template._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM foi_application WHERE id = %s", [template.pk])
        like = dict(zip([one.name for one in cursor.description], cursor.fetchone(), strict=True))
        cursor.execute("SELECT * FROM foi_applicant WHERE id = %s", [template.applicant_id])
        who = dict(zip([one.name for one in cursor.description], cursor.fetchone(), strict=True))
        cursor.execute("SET session_replication_role = replica")
        for table in ("caseevent", "caseround", "application", "applicant"):
            cursor.execute(f"DELETE FROM foi_{table}")
        columns = [name for name in like if name in given]
        moment = datetime.combine(today, datetime.min.time()).astimezone()
        rounds: list[tuple[Any, ...]] = []
        bound = Applicant._meta.get_field("name").bound_name
        for chunk in chunks(Cases(units, people, known, today).rows(number), 50_000):
            with cursor.copy(
                sql.SQL("COPY foi_applicant ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, who)))
            ) as copy:
                for row in chunk:
                    own = {
                        "id": row["id"],
                        "uid": row["uid"],
                        "name": seal_text(row["name"], f"{bound}:{row['uid']}"),
                        "name_digest": row["uid"].hex,
                        "kind": "natural_person" if row["id"] % 9 else "business",
                    }
                    copy.write_row([own.get(name, who[name]) for name in who])
            with cursor.copy(
                sql.SQL("COPY foi_application ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
            ) as copy:
                for row in chunk:
                    created = moment - (today - row["started_on"])
                    row |= {
                        "applicant_id": row["id"],
                        "query_digest": row["uid"].hex,
                        "created_at": created,
                        "changed_at": created,
                        "event_count": 4,
                    }
                    copy.write_row([row.get(name, like[name]) for name in columns])
            rounds = [
                (
                    row["id"], 1, row["unit_id"], row["handler_id"], row["channel"], row["received_on"], row["replied_on"],
                    row["closed_on"], row["disposition"], row["due_on"], row["target_on"], row["used_days"],
                    row["late_days"], row["extended"], row["closed_on"] is not None,
                )
                for row in chunk
                if row["replied_on"] or row["closed_on"]
            ]  # fmt: skip
            with cursor.copy(
                "COPY foi_caseround (application_id, number, unit_id, handler_id, channel, received_on, replied_on, ended_on, "
                "disposition, due_on, target_on, used_days, late_days, extended, counted) FROM STDIN"
            ) as copy:
                for one in rounds:
                    copy.write_row(one)
        cursor.execute(EVENTS)
        cursor.execute(DISPUTES)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


EVENTS = """
INSERT INTO foi_caseevent (application_id, number, kind, "on", data, by_name, at)
SELECT a.id, e.number, e.kind, e.day, jsonb_build_object('type', e.kind, 'on', e.day, 'by', ''), '', a.created_at
FROM foi_application a
CROSS JOIN LATERAL (VALUES (1, 'Submitted', a.started_on), (2, 'Received', a.received_on),
    (3, 'Replied', a.replied_on), (4, 'Closed', a.closed_on)) AS e (number, kind, day)
WHERE e.day IS NOT NULL
"""
DISPUTES = """
INSERT INTO foi_caseevent (application_id, number, kind, "on", data, by_name, at)
SELECT a.id, 4 + e.number, e.kind, e.day, jsonb_build_object('type', e.kind, 'on', e.day, 'by', '',
    'kind', 'reconsideration', 'ref', 'R' || a.id, 'outcome', CASE WHEN a.id % 7 = 0 THEN 'corrected' ELSE 'upheld' END),
    '', a.created_at
FROM foi_application a
CROSS JOIN LATERAL (VALUES (1, 'RemedyFiled', a.closed_on + 20), (2, 'RemedyDecided', a.closed_on + 75)) AS e (number, kind, day)
WHERE a.closed_on IS NOT NULL AND a.id % 50 = 0 AND e.day <= CURRENT_DATE
"""


def chunks(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield lists of rows."""
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
