"""Laws of signing that hold for every sequence of calls whatever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.approval import Signature, Verdict, current_steps, is_complete, separate_steps, sign
from tests.domain.approval.routes import CLEAN, EDITED, FORMS, READ, ROUTE, holder

PEOPLE = [f"user:{letter}" for letter in "abcde"]
ROLES = sorted({role for step in ROUTE.steps for role in step.roles})
FLAGS = ("legality",)

calls = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from([None, None, None, *PEOPLE]),
        st.sampled_from(["", "", "", *[step.code for step in ROUTE.steps]]),  # mostly what is open: it gets far then
        st.sampled_from([Verdict.SIGN] * 19 + [Verdict.RETURN]),
        st.sampled_from([READ] * 19 + [EDITED]),
        st.sampled_from([READ] * 19 + [EDITED]),
        st.sampled_from([True, True, True, False]),
    ),
    min_size=20,
    max_size=60,
)


class TestLaws:
    @given(calls, st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=2))
    def test_no_sequence_completes_a_route_against_separation_or_on_another_digest(
        self,
        sequence: list[tuple[str, str | None, str, Verdict, str, str, bool]],
        authors: set[str],
    ) -> None:
        signatures: list[Signature] = []
        for person, giver, step, verdict, digest, read, filled in sequence:
            open_now = current_steps(ROUTE, signatures, digest, FLAGS)
            step = step or (open_now[-1].code if open_now else ROUTE.steps[0].code)
            signer = holder(person, *ROLES, giver=giver if giver != person else None)
            result = sign(
                ROUTE,
                signatures,
                digest=digest,
                authors=authors,
                signer=signer,
                step=step,
                verdict=verdict,
                read_digest=read,
                remark="请改" if filled else "",
                form=CLEAN if filled else {},
                forms=FORMS,
                flags=FLAGS,
            )
            if isinstance(result, Signature):
                signatures.append(result)
            for current in (READ, EDITED):
                if is_complete(ROUTE, signatures, current, FLAGS):
                    self.check(signatures, current, authors)

    def check(self, signatures: list[Signature], digest: str, authors: set[str]) -> None:
        tail = signatures[-len(ROUTE.steps) :]
        assert {one.step for one in tail} == {step.code for step in ROUTE.steps}
        assert all(one.digest == digest and one.verdict is Verdict.SIGN for one in tail)
        assert not any(one.persons & authors for one in tail)
        persons = {one.step: one.persons for one in tail}
        for step in ROUTE.steps:
            for other in separate_steps(ROUTE, step, FLAGS):
                assert not persons[step.code] & persons[other]
        confidentiality = next(one for one in tail if one.step == "confidentiality_review")
        assert dict(confidentiality.form) == CLEAN

    @given(st.permutations(PEOPLE))
    def test_enough_different_people_always_get_through(self, people: list[str]) -> None:
        signatures: list[Signature] = []
        for step, person in zip([s for s in ROUTE.steps if not s.only_if], people, strict=True):
            form = CLEAN if step.form else None
            result = sign(
                ROUTE,
                signatures,
                digest=READ,
                authors={"user:author"},
                signer=holder(person, *ROLES),
                step=step.code,
                verdict=Verdict.SIGN,
                read_digest=READ,
                form=form,
                forms=FORMS,
            )
            assert isinstance(result, Signature)
            signatures.append(result)
        assert is_complete(ROUTE, signatures, READ)
