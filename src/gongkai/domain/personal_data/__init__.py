"""Finding personal data in a text: numbers checked by their checksums, addresses only where something says so.

Pure: ``find_personal_data`` takes a text, ``sensitive_columns`` the headers of a table. What counts as an identity
number, a bank card or a passport is decided in a module of its own each; ``masked`` writes a number so that it can be
shown. Basis: Regulations on the Disclosure of Government Information, art. 15 (personal privacy).
"""

from gongkai.domain.personal_data.columns import Headers, is_address_header, lists_persons, sensitive_columns
from gongkai.domain.personal_data.detection import PersonalRules, Rule, address_cell, find_personal_data, finding_of
from gongkai.domain.personal_data.identity import birth_date, check_digit, is_identity_number
from gongkai.domain.personal_data.masking import Mask, masked
from gongkai.domain.personal_data.payment import is_card_number, passes_luhn

__all__ = [
    "Headers",
    "Mask",
    "PersonalRules",
    "Rule",
    "address_cell",
    "birth_date",
    "check_digit",
    "find_personal_data",
    "finding_of",
    "is_address_header",
    "is_card_number",
    "is_identity_number",
    "lists_persons",
    "masked",
    "passes_luhn",
    "sensitive_columns",
]
