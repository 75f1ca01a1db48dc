"""The fields of an application form, for the public page and the desk alike (art. 29): who asks, what, and how to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import LONGEST, Person, Request, check_application
from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.domain.foi.wishes import FORM_NAMES, Form
from gongkai.rulebook.messages import describe

KINDS = [
    (ApplicantClass.NATURAL_PERSON.value, "个人"),
    (ApplicantClass.BUSINESS.value, "商业企业"),
    (ApplicantClass.RESEARCH.value, "科研机构"),
    (ApplicantClass.PUBLIC_INTEREST.value, "社会公益组织"),
    (ApplicantClass.LEGAL_SERVICE.value, "法律服务机构"),
    (ApplicantClass.OTHER_ORG.value, "其他组织"),
]
# Entrusted service is the organ's matter; an applicant asks for one of these.
DELIVERIES = [(one.value, DELIVERY_NAMES[one]) for one in (Delivery.ONLINE, Delivery.POST, Delivery.IN_PERSON)]
OF_PERSONS = frozenset({"id_number"})
OF_UNITS = frozenset({"org_code", "representative", "contact_name"})
WHO = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")


class AskingForm(forms.Form):
    """Who asks, what is asked, and how the answer is wanted. Which of it is needed, ``domain.foi.intake`` says."""

    unit = forms.TypedChoiceField(label="向哪个单位申请", coerce=int)
    kind = forms.ChoiceField(label="申请人", choices=KINDS, initial=ApplicantClass.NATURAL_PERSON.value)
    name = forms.CharField(
        label="姓名或者单位名称", max_length=LONGEST["name"], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    id_number = forms.CharField(
        label="身份证件号码",
        required=False,
        max_length=40,
        help_text="个人填写。填号码，或者在下面上传身份证明，有一样即可。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    org_code = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=40,
        help_text="填代码，或者在下面上传营业执照等证明，有一样即可。",
    )
    representative = forms.CharField(label="法定代表人或者负责人", required=False, max_length=100)
    contact_name = forms.CharField(label="联系人", required=False, max_length=100)
    phone = forms.CharField(
        label="联系电话",
        required=False,
        max_length=LONGEST["phone"],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        max_length=LONGEST["email"],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label="联系地址和邮政编码",
        required=False,
        max_length=LONGEST["address"],
        help_text="要求邮寄的必须填写。",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    identity = forms.FileField(
        label="身份证明（复印件或者照片）",
        required=False,
        help_text="jpg、png 或者 pdf，不超过 20 兆。加密保存，只用于核对身份。",
    )
    subject = forms.CharField(
        label="所需信息的名称",
        max_length=LONGEST["subject"],
        help_text="例如：某某路改造项目的环境影响评价批复。一份申请请只写一件事。",
    )
    doc_no = forms.CharField(
        label="文号", required=False, max_length=LONGEST["doc_no"], help_text="知道就填，不知道可以不填。"
    )
    description = forms.CharField(
        label="便于查找的其他特征",
        max_length=LONGEST["description"],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="时间、地点、项目名称、制作机关等。不需要说明用途。",
    )
    wanted_form = forms.ChoiceField(
        label="希望得到的形式",
        choices=[(one.value, name) for one, name in FORM_NAMES.items()],
        widget=forms.RadioSelect,
    )
    wanted_delivery = forms.ChoiceField(label="希望怎样得到", choices=DELIVERIES, widget=forms.RadioSelect)
    no_log = forms.BooleanField(
        label="不同意把答复列入公开目录",
        required=False,
        help_text="公开了信息的答复，可能由受理单位去掉个人信息、改写后供大家查阅。不同意的打勾，以后凭查询码也可以表示。",
    )

    def __init__(self, *args: Any, units: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(unit.pk, unit.name) for unit in units]
        self.fields["unit"].choices = choices if len(choices) == 1 else [("", "请选择"), *choices]
        self.fields["wanted_form"].initial = Form.ELECTRONIC.value
        self.fields["wanted_delivery"].initial = Delivery.ONLINE.value

    def clean(self) -> dict[str, Any]:
        """Tell what the law still needs together with what is not filled in, so that nothing has to be sent twice."""
        data = super().clean() or self.cleaned_data
        if {"kind", "wanted_form", "wanted_delivery"} <= data.keys():
            for issue in check_application(self.person(), self.request(), proven=self._proven(data)):
                if issue.field in self.fields and issue.field not in self.errors:
                    self.add_error(issue.field, describe(issue))
        return data

    def _proven(self, data: dict[str, Any]) -> bool:
        return bool(data.get("identity") or data.get("shown"))

    def person(self) -> Person:
        """Return who asks; what the other kind of applicant fills in is left out, were it typed before."""
        kind = ApplicantClass(self.cleaned_data["kind"])
        others = OF_UNITS if kind is ApplicantClass.NATURAL_PERSON else OF_PERSONS
        given = {name: "" if name in others else self.cleaned_data.get(name, "") for name in WHO}
        return Person(kind=kind, **given)

    def request(self) -> Request:
        """Return what is asked."""
        data = self.cleaned_data
        return Request(
            subject=data.get("subject", ""),
            description=data.get("description", ""),
            doc_no=data.get("doc_no", ""),
            wanted_form=Form(data["wanted_form"]),
            wanted_delivery=Delivery(data["wanted_delivery"]),
        )
