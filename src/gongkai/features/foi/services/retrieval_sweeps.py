"""The daily look at retrievals whose case is over: nobody needs to go on looking."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.features.foi.models import Retrieval
from gongkai.features.foi.selectors.retrievals import OPEN_STAGES
from gongkai.features.foi.services.retrieval_writing import recall_ended
from gongkai.kernel.accounts.actor import Actor

BATCH = 500
SYSTEM = Actor.system("调取信息")


def retrievals_end(*, now: datetime) -> int:
    """Close open retrievals of cases that are over; returns how many. Safe late and twice."""
    rows = Retrieval.objects.filter(stage__in=OPEN_STAGES, application__closed_on__isnull=False)
    done = 0
    for retrieval_id in list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            locked = rows.select_related("application").select_for_update(of=("self",), no_key=True)
            row = locked.filter(pk=retrieval_id).first()
            if row is not None:
                recall_ended(row=row, actor=SYSTEM, now=now)
                done += 1
    return done
