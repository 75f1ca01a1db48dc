"""The forms of the route and delegation pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.domain import approval as domain
from gongkai.domain.approval.checking import FORM_OF, LONGEST_DUE
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.targets import column_choices, kind_choices
from gongkai.kernel.orgs.trees import unit_options
from gongkai.rulebook.approvals import SIGNING_ROLES

ROLES = [(role.value, role.label) for role in Role if role.value in SIGNING_ROLES]
KINDS = [(kind.value, label) for kind, label in domain.KIND_NAMES.items()]
PLACES = [(place.value, label) for place, label in domain.PLACE_NAMES.items()]
FLAGS = [("", "每次都要"), *domain.FLAG_NAMES.items()]
EMPTY_ROWS = 2


class RouteForm(forms.Form):
    """What a route is called, what it rests on, and why it was changed."""

    code = forms.CharField(
        label="路线代码", max_length=40, help_text="小写字母、数字和下划线，例如 town_east；保存后不能改。"
    )
    name = forms.CharField(label="名称", max_length=120)
    basis = forms.CharField(
        label="依据",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一条，例如本单位的信息发布审核制度及文号。",
    )
    note = forms.CharField(label="修改说明", required=False, max_length=300)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["code"]


class StepForm(forms.Form):
    """One step; an empty row adds none, and a row marked for removal goes."""

    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label="步骤名称", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", choices=KINDS)
    order = forms.IntegerField(label="次序", min_value=1, max_value=30, help_text="次序相同的步骤同时进行。")
    due_working_days = forms.IntegerField(label="时限（工作日）", min_value=1, max_value=LONGEST_DUE)
    place = forms.ChoiceField(label="岗位所在", choices=PLACES)
    roles = forms.MultipleChoiceField(
        label="由哪个岗位办理", required=False, choices=ROLES, widget=forms.CheckboxSelectMultiple
    )
    separate_from = forms.MultipleChoiceField(
        label="不能同时办理的人", required=False, widget=forms.CheckboxSelectMultiple
    )
    only_if = forms.ChoiceField(label="什么时候需要", required=False, choices=FLAGS)
    links = forms.BooleanField(label="可以用一次性链接请单位以外的人签署", required=False)
    remove = forms.BooleanField(label="删去这一步", required=False)

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["separate_from"].choices = others  # type: ignore[attr-defined]

    def step(self, code: str) -> domain.Step:
        """Return the step as it was filled in; special reviews bring their form with them."""
        values = self.cleaned_data
        kind = domain.StepKind(values["kind"])
        return domain.Step(
            code=code,
            name=values["name"].strip(),
            kind=kind,
            order=values["order"],
            roles=tuple(values["roles"]),
            place=domain.Place(values["place"]),
            separate_from=tuple(other for other in values["separate_from"] if other != code),
            due_working_days=values["due_working_days"],
            form=FORM_OF.get(kind, ""),
            only_if=(values["only_if"],) if values["only_if"] else (),
            links=values["links"],
        )


def step_forms(route: domain.Route, data: Any = None) -> list[StepForm]:
    """Return a form for every step and some empty ones; ``data`` is what was sent."""
    others = [(domain.AUTHOR, "拟稿人和修改人"), *[(step.code, step.name) for step in route.steps]]
    count = len(route.steps) + EMPTY_ROWS
    last = max((step.order for step in route.steps), default=1)
    found = []
    for number in range(count):
        step = route.steps[number] if number < len(route.steps) else None
        initial = _initial(step) if step else {"order": last, "due_working_days": 1, "separate_from": [domain.AUTHOR]}
        there = [other for other in others if step is None or other[0] != step.code]
        found.append(StepForm(data, prefix=f"step{number}", initial=initial, others=there))
    return found


def _initial(step: domain.Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.name,
        "kind": step.kind.value,
        "order": step.order,
        "due_working_days": step.due_working_days,
        "place": step.place.value,
        "roles": list(step.roles),
        "separate_from": list(step.separate_from),
        "only_if": step.only_if[0] if step.only_if else "",
        "links": step.links,
    }


def steps_sent(found: list[StepForm]) -> tuple[domain.Step, ...]:
    """Return the steps that were sent, without empty and removed rows; valid forms only.

    A step that is gone is taken out of what the others must be separate from.
    """
    used = {form.cleaned_data["code"] for form in found}
    steps = []
    for form in found:
        values = form.cleaned_data
        if values["remove"] or (not values["code"] and not values["name"].strip()):
            continue
        code = values["code"]
        if not code:
            number = 1
            while f"step_{number}" in used:
                number += 1
            code = f"step_{number}"
            used.add(code)
        steps.append(form.step(code))
    kept = {domain.AUTHOR, *[step.code for step in steps]}
    cleaned = [
        domain.Step.from_data({**step.as_data(), "separate_from": [o for o in step.separate_from if o in kept]})
        for step in steps
    ]
    return tuple(sorted(cleaned, key=lambda step: step.order))


class PlaceForm(forms.Form):
    """A unit, a column and a kind; what is left empty means any, and nothing else than what features registered counts."""

    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    column = forms.ChoiceField(label="栏目", required=False)
    kind = forms.ChoiceField(label="信息种类", required=False)

    def __init__(self, *args: Any, on: date, empty: str = "所有单位", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", empty), *unit_options(on=on)]  # type: ignore[attr-defined]
        self.fields["column"].choices = [("", "所有栏目"), *column_choices()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "所有种类"), *kind_choices()]  # type: ignore[attr-defined]


class TryForm(PlaceForm):
    """Which route would hold there."""

    emergency = forms.BooleanField(label="应急发布", required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, empty="请选择单位", **kwargs)


class DelegationForm(forms.Form):
    """Which post, to whom, from when to when and why."""

    post = forms.ChoiceField(label="我的岗位")
    to = forms.TypedChoiceField(label="委托给", coerce=int)
    from_on = forms.DateField(label="自", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(label="至（含当日）", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="事由", max_length=300, help_text="例如出差、休假、学习。")

    def __init__(self, *args: Any, posts: list[tuple[str, str]], people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]
