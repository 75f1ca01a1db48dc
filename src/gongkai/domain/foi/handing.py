"""Applications that another system hands over (12345 hotline): by which channel they came, and what that says of receipt.

The law knows no hand-over (条例 art. 29, art. 31): the application belongs to the channel by which the applicant asked, and
a record that a hotline has made is in the hands of the organ from the day it is handed over, not before. Which rule that
is, and how sure, stands in the rulebook as ``foi.handed_over``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from gongkai.domain.foi.receipt import NEEDED, Channel, ReceiptFact

HANDED_CHANNELS = (Channel.ONLINE, Channel.ORAL, Channel.EMAIL, Channel.FAX, Channel.WRONG_UNIT)
"""The channels that can be handed over; what reaches the organ itself, in person or by post, is entered by its office."""
OLDEST = timedelta(days=366)
"""How long ago the applicant may have asked the other system. A technical bound: what is older is handed over on paper."""
_ON_ARRIVAL = frozenset({ReceiptFact.FORM_FILLED, ReceiptFact.IN_HAND})


def handed_facts(channel: Channel, *, confirmed: bool, on: date) -> Mapping[ReceiptFact, date]:
    """Return what a hand-over on a day settles of the receipt.

    A record made on the phone, and a letter that went astray, are in hand from then. ``confirmed``: the applicant has
    confirmed what is handed over (on the phone it was read back). The confirmation of the organ stays the office's matter.
    """
    facts = {fact: on for fact in NEEDED[channel] if fact in _ON_ARRIVAL}
    if confirmed and ReceiptFact.CONFIRMED_BY_APPLICANT in NEEDED[channel]:
        facts[ReceiptFact.CONFIRMED_BY_APPLICANT] = on
    return facts
