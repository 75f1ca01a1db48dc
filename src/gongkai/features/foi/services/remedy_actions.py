"""The audit actions of reconsiderations and suits, and the notice that reminds of them."""

from __future__ import annotations

from gongkai.domain.foi.defense import DEFENSE_VERB_NAMES, DefenseVerb
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.notices.kinds import register_kinds

REMEDY_ACTIONS = {verb: f"foi.remedy.{verb.value}" for verb in DefenseVerb}
KIND_REMEDY = "foi.remedy"

register_actions({code: f"复议诉讼：{DEFENSE_VERB_NAMES[verb]}" for verb, code in REMEDY_ACTIONS.items()})
register_kinds({KIND_REMEDY: "复议诉讼期限提醒"})
