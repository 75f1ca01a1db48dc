"""Our addresses, and ``/stock/``: a stock Django form post into one table. Limits by address are out of the way.

Run as a program it prepares a scratch installation: units that can be asked, and the table of the stock form::

    python -m benchmarks._foi_served NUMBER_OF_UNITS
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks._foi_server")
    django.setup()

from django import forms
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from gongkai.config.urls import urlpatterns as ours
from gongkai.features.foi.public import throttle

PAGE = (
    "<!doctype html><title>stock</title><form method=post>{% csrf_token %}{{ form.as_p }}<button>send</button></form>"
)
TAKEN = "<!doctype html><title>stock</title><p>taken: <strong>{{ number }}</strong></p>"


class StockRequest(models.Model):
    """The same columns as plain text in one table."""

    subject = models.CharField(max_length=200)
    description = models.TextField()
    unit = models.IntegerField()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    id_number = models.CharField(max_length=40)
    phone = models.CharField(max_length=40)
    wanted_form = models.CharField(max_length=20)
    wanted_delivery = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "stock"
        db_table = "stock_request"


class StockForm(forms.ModelForm):
    """What a form of Django's is by itself."""

    class Meta:
        model = StockRequest
        exclude = ("created_at",)


def stock(request: HttpRequest) -> HttpResponse:
    """Take in a form, check it, write one row."""
    form = StockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.save().pk
        return HttpResponse(engines["django"].from_string(TAKEN).render({"number": number}, request))
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


throttle.APPLIED = 10**9
urlpatterns = [path("stock/", stock), *ours]


def prepare(units: int) -> None:
    """Found units and make the table; prints the numbers of the units."""
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.orgs.services import NewUnit, unit_create

    actor, now = Actor.system("bench"), datetime.now(UTC)
    top = unit_create(actor=actor, new=NewUnit(kind="government", name="量县人民政府", parent_id=None), now=now)
    for n in range(units):
        new = NewUnit(kind="department", name=f"量县第{n}局", parent_id=top.pk)
        sys.stdout.write(f"{unit_create(actor=actor, new=new, now=now).pk}\n")
    with connection.schema_editor() as editor:
        editor.create_model(StockRequest)


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
