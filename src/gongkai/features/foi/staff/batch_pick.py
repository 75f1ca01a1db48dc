"""Reading which cases a step is for, which steps there are for an actor, and the form of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.batch_letters import letter_offer
from gongkai.features.foi.selectors.batches import batch_get
from gongkai.features.foi.selectors.boards import BoardFilters
from gongkai.features.foi.selectors.campaigns import campaign_get, campaign_of_case, campaigns_of
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.selection import Selected, Selection, selection_unit
from gongkai.features.foi.selectors.wordings import wording_cases, wordings_alike
from gongkai.features.foi.services.batch_steps import HANDLER, JOIN, LEAVE, LETTER, VERBS, step_name
from gongkai.features.foi.services.sweeps import OFFICE
from gongkai.features.foi.staff.batch_forms import HandlerForm, JoinForm, LeaveForm, LetterStepForm, StepForm
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.pages import whole_numbers
from gongkai.kernel.accounts.selectors import users_of_units

KEPT = ("pick", "ids", "campaign", "stage", "run", "like", "wording", "least")
BOARD = ("board", "unit", "text", "channel", "mine")
"""Fields that say which cases are meant; they are handed on from page to page."""


@dataclass(frozen=True)
class Picked:
    """Which cases are meant, in words, where to go back to, and the case that the others are like (None: none)."""

    selection: Selection
    words: str
    back: str
    like: int | None = None


def pick(request: HttpRequest) -> Picked:
    """Read from a form which cases are meant.

    Raises NotFound for what the actor may not see, Refused where nothing is ticked or several units are meant.
    """
    actor, data = request.actor, request.POST
    kind = data.get("pick", "")
    if kind == "board":
        filters = BoardFilters.from_query({name: data.get(name, "") for name in BOARD})
        unit_id = selection_unit(actor=actor, filters=filters)
        back = f"{reverse('foi:staff:board')}?board={filters.board.value}"
        return Picked(Selection(unit_id, filters=filters), "符合筛选条件的全部申请", back)
    if kind == "campaign":
        campaign = campaign_get(actor=actor, campaign_id=_number(data, "campaign"))
        selection = Selection(campaign.unit_id, campaign_id=campaign.pk, stage=data.get("stage", ""))
        return Picked(selection, f"同类申请“{campaign.name}”", reverse("foi:staff:campaign", args=[campaign.pk]))
    if kind == "members":
        campaign = campaign_get(actor=actor, campaign_id=_number(data, "campaign"))
        selection = Selection(campaign.unit_id, _ids(data), campaign_id=campaign.pk)
        back = reverse("foi:staff:campaign", args=[campaign.pk])
        return Picked(selection, f"同类申请“{campaign.name}”中勾选的", back)
    if kind == "run":
        run = batch_get(actor=actor, run_id=_number(data, "run"))
        selection = Selection(run.unit_id, run_id=run.pk, campaign_id=run.campaign_id)
        return Picked(selection, f"批量办理第 {run.pk} 号办好的", reverse("foi:staff:batch", args=[run.pk]))
    if kind == "alike":
        return _alike(actor, data)
    ids = _ids(data)
    unit_id = selection_unit(actor=actor, ids=ids or (0,))
    return Picked(Selection(unit_id, ids), "勾选的申请", reverse("foi:staff:board"))


def _alike(actor: Actor, data: QueryDict) -> Picked:
    """Cases whose wording is like that of one: the ticked wordings, or all from a share on."""
    application = application_get(actor=actor, application_id=_number(data, "like"))
    least = _number(data, "least", 0)
    if least:
        found = wordings_alike(application=application, least=min(max(least, 1), 100) / 100)
        keys, words = [one.key for one in found.found], f"相同文字不少于 {least}% 的申请"
    else:
        keys, words = data.getlist("wording"), "表述与所勾选各条一致的申请"
    ids = tuple(wording_cases(application=application, keys=keys))
    back = reverse("foi:staff:alike", args=[application.pk])
    return Picked(Selection(application.unit_id, ids), words, back, application.pk)


def _ids(data: QueryDict) -> tuple[int, ...]:
    return tuple(whole_numbers(data.getlist("ids")))


def _number(data: QueryDict, name: str, default: int | None = None) -> int:
    found = whole_numbers([data.get(name, "")])
    if not found and default is None:
        raise Http404(name)
    return found[0] if found else default or 0


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields that say which cases are meant, to be handed on to the next page."""
    names = (*KEPT, *BOARD) if request.POST.get("pick") == "board" else KEPT
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def steps_for(*, actor: Actor, unit_id: int, member: bool) -> list[tuple[str, str]]:
    """Return the steps that the actor may do for many cases of a unit, in the usual order."""
    verbs = [verb.value for verb in VERBS if permissions.can_do(actor, verb, unit_id)]
    if not permissions.can_handle_case(actor, unit_id):
        return [(one, step_name(one)) for one in verbs]
    return [(one, step_name(one)) for one in (LEAVE if member else JOIN, HANDLER, *verbs, LETTER)]


def steps_offered(*, actor: Actor, member: bool = False) -> list[tuple[str, str]]:
    """Return the steps that the actor may do in any of the own units, for a page that may list cases of several."""
    found: dict[str, str] = {}
    for unit_id in sorted(permissions.units_seen(actor)):
        found |= dict(steps_for(actor=actor, unit_id=unit_id, member=member))
    return list(found.items())


def step_form(*, step: str, actor: Actor, picked: Picked, look: Selected, data: QueryDict | None, today: date) -> Any:
    """Return the form of a step; None for letters while none is chosen."""
    unit_id = picked.selection.unit_id
    if step == HANDLER:
        people = users_of_units(unit_ids=[unit_id], today=today, roles=OFFICE)[unit_id]
        return HandlerForm([(one.pk, one.get_full_name()) for one in people], data)
    if step == JOIN:
        form = JoinForm(campaigns_of(actor=actor, unit_id=unit_id), data)
        there = campaign_of_case(application_id=picked.like) if picked.like else None
        if there is not None and "campaign" in form.fields:
            form.fields["campaign"].initial = there.pk
        return form
    if step == LEAVE:
        return LeaveForm(data)
    if step != LETTER:
        return StepForm(Verb(step), law_of(today), look.dispositions, today, actor.name, data)
    letter = letter_form(code=data.get("letter", "") if data else "", on=today)
    if letter is None:
        return None
    offer = letter_offer(actor=actor, selection=picked.selection, form=letter, today=today)
    if offer is None:
        return None
    return LetterStepForm(offer, data if data is not None and data.get("do") == "try" else None)
