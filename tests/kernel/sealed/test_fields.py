"""Sealed columns: what lies in the database, what code sees, and what nobody can put in another place."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.forms import modelform_factory
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.sealed.boxes import MAIL, NAME, NUMBER, Box, make_box

from gongkai.kernel.sealed import DigestField, Masked, SealBroken, SealedTextField, SealMisuse, matching
from gongkai.kernel.sealed.sealing import seal_bytes, seal_text, unseal_bytes, unseal_text


def raw(column: str, pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealedtest_box WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def put(column: str, pk: int, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE sealedtest_box SET {column} = %s WHERE id = %s", [value, pk])


@pytest.mark.usefixtures("boxes")
class TestTheColumn:
    def test_gives_back_what_was_put_in(self) -> None:
        box = Box.objects.get(pk=make_box().pk)
        assert box.name.for_machine() == NAME
        assert box.mail.for_machine() == MAIL
        assert box.more.for_machine() == {"电话": "13800001111"}

    def test_holds_no_plain_text_in_the_database(self) -> None:
        make_box()
        with connection.cursor() as cursor, cursor.copy("COPY sealedtest_box TO STDOUT") as lines:
            stored = b"".join(bytes(line) for line in lines).decode()
        for secret in (NAME, MAIL, MAIL.lower(), NUMBER, "13800001111", "example.com", "110101"):
            assert secret not in stored
            assert secret not in json.dumps(stored)

    def test_gives_different_bytes_for_equal_values(self) -> None:
        one, two = make_box(), make_box()
        assert raw("name", one.pk) != raw("name", two.pk)

    def test_does_not_tell_the_length_of_a_short_text(self) -> None:
        boxes = [make_box(mail=None, number=None, name=name) for name in ("王五", "欧阳晓岚", "买买提·艾力")]
        assert len({len(raw("name", box.pk)) for box in boxes}) == 1

    def test_keeps_nothing_and_an_empty_text_apart(self) -> None:
        box = Box.objects.get(pk=make_box(mail=None, name="").pk)
        assert box.mail is None
        assert box.name.for_machine() == ""
        assert box.mail_digest == ""

    def test_is_not_written_anew_when_it_was_only_read(self) -> None:
        pk = make_box().pk
        before = raw("name", pk)
        box = Box.objects.get(pk=pk)
        assert str(box.name)
        box.save()
        assert raw("name", pk) == before

    def test_is_read_later_when_it_was_deferred(self) -> None:
        box = Box.objects.defer("name").get(pk=make_box().pk)
        assert box.name.for_machine() == NAME
        box.refresh_from_db()
        assert box.name.for_machine() == NAME

    def test_can_be_set_saved_and_moved_to_another_row_by_the_program(self) -> None:
        one, two = make_box(), make_box(name="王五")
        one.name = two.name
        one.save()
        assert Box.objects.get(pk=one.pk).name.for_machine() == "王五"
        one.name = "赵六"
        assert one.name.for_machine() == "赵六"
        Box.objects.bulk_update([one], ["name"])

    def test_bulk_operations_seal_too(self) -> None:
        made = Box.objects.bulk_create([Box(name=NAME, mail=MAIL), Box(name="王五")])
        assert [str(box.name) for box in Box.objects.order_by("pk")] == ["欧**", "王**"]
        assert made[0].mail_digest == Box.objects.get(pk=made[0].pk).mail_digest != ""

    def test_refuses_ways_that_would_leak_or_lose_it(self) -> None:
        box = make_box()
        with pytest.raises(SealMisuse), transaction.atomic():
            Box.objects.update(name="王五")
        with pytest.raises(FieldError):
            Box.objects.filter(name=NAME).exists()
        with pytest.raises(FieldError):
            Box.objects.filter(name__contains="欧").exists()
        assert Box.objects.filter(mail__isnull=False).count() == 1
        with pytest.raises(SealMisuse), transaction.atomic():
            make_box(name=12)
        with pytest.raises(SealMisuse):
            Box(uid=None, name="x").name
        with pytest.raises(SealMisuse):
            Box._meta.get_field("name").value_to_string(box)
        assert "name" not in modelform_factory(Box, exclude=[])().fields

    def test_checks_that_it_can_be_bound_to_its_row(self) -> None:
        class Loose(models.Model):
            uid = models.UUIDField(default=uuid.uuid4)
            a = SealedTextField(row="uid")
            b = SealedTextField(row="id")
            c = SealedTextField(row="nowhere")
            d = DigestField(of="uid")
            e = DigestField(of="nowhere")

            class Meta:
                app_label = "sealedtest"

        found = {error.id for field in Loose._meta.fields for error in field.check()}
        assert found >= {"sealed.E001", "sealed.E002", "sealed.E003", "sealed.E004", "sealed.E005"}

    def test_is_described_for_migrations(self) -> None:
        for field in Box._meta.fields[2:]:
            _, _, args, options = field.deconstruct()
            again = type(field)(*args, **options)
            assert again.deconstruct()[1:] == field.deconstruct()[1:]


@pytest.mark.usefixtures("boxes")
class TestTheDump:
    def test_of_the_whole_database_never_contains_the_plain_text(self, transactional_db: None, tmp_path: Path) -> None:
        """A real dump by PostgreSQL's own program, of committed rows."""
        from gongkai.config.cluster import clean_environment, programs

        program = programs() / "pg_dump"
        if not program.exists():
            pytest.skip("pg_dump is not among the programs of the wheel")
        with connection.schema_editor() as editor:
            if "sealedtest_box" not in connection.introspection.table_names():
                editor.create_model(Box)
        make_box()
        given = connection.settings_dict
        made = subprocess.run(
            [str(program), "-h", given["HOST"], "-U", given["USER"], "-d", given["NAME"], "--inserts"],
            capture_output=True, env=clean_environment(), check=True,
        )  # fmt: skip
        dump = made.stdout.decode()
        assert "sealedtest_box" in dump and "gk1.test." in dump
        assert not [secret for secret in (NAME, MAIL, NUMBER, "13800001111") if secret in dump]


@pytest.mark.usefixtures("boxes")
class TestSwapping:
    @pytest.mark.parametrize(("source", "target"), [("name", "name"), ("name", "mail"), ("mail", "number")])
    def test_sealed_bytes_in_another_row_or_column_are_refused(self, source: str, target: str) -> None:
        one, two = make_box(), make_box(name="王五")
        put(target, two.pk, raw(source, one.pk))
        with pytest.raises(SealBroken) as broken:
            str(getattr(Box.objects.get(pk=two.pk), target))
        assert broken.value.codes() == ["sealed.damaged"]
        assert str(two.uid) in str(broken.value) and NAME not in str(broken.value)

    def test_a_row_that_gets_another_identity_loses_its_values(self) -> None:
        box = make_box()
        Box.objects.filter(pk=box.pk).update(uid=uuid.uuid4())
        with pytest.raises(SealBroken):
            Box.objects.get(pk=box.pk).name.for_machine()

    @pytest.mark.parametrize("wrong", ["", "gk1", "gk1.test", "gk1.test.????", "gk1.test.AAAA", "gk1.test.é", "王五"])
    def test_what_is_no_sealed_text_is_refused(self, wrong: str) -> None:
        box = make_box()
        put("name", box.pk, wrong)
        with pytest.raises(SealBroken):
            Box.objects.get(pk=box.pk).name.for_machine()

    def test_every_changed_sign_is_noticed(self) -> None:
        sealed = seal_text(NAME, "t.c:1")
        head = len("gk1.test.")
        for at in range(head, len(sealed) - 2):
            other = "A" if sealed[at] != "A" else "B"
            with pytest.raises(SealBroken):
                unseal_text(sealed[:at] + other + sealed[at + 1 :], "t.c:1")


@pytest.mark.usefixtures("boxes")
class TestMasked:
    def test_shows_itself_masked_and_tells_nothing_to_logs(self) -> None:
        box = Box.objects.get(pk=make_box().pk)
        assert [str(box.name), str(box.mail), str(box.number), str(box.more)] == [
            "欧**",
            "L****@example.com",
            "110*************77",
            "****",
        ]
        assert f"{box.name:>4}" == " 欧**"
        told = repr([box.name, box.more, box, vars(box), Box.objects.values("name", "mail")])
        assert not [secret for secret in (NAME, MAIL, NUMBER, "1380") if secret in told]
        assert "gk1" not in told

    def test_of_a_row_that_is_not_saved_tells_nothing_either(self) -> None:
        box = Box(name=NAME)
        assert (str(box.name), repr(box.name)) == ("欧**", "<Masked>")

    def test_is_not_opened_by_a_template(self) -> None:
        shown = Template("{{ box.name }}|{{ box.name.for_machine }}|{{ box.more }}").render(
            Context({"box": make_box()})
        )
        assert shown == "欧**||****"

    def test_is_not_pickled_and_not_json(self) -> None:
        box = make_box()
        with pytest.raises(SealMisuse):
            pickle.dumps(box.name)
        with pytest.raises(TypeError):
            json.dumps(box.name)
        assert copy.deepcopy(box.name) is not None

    def test_equals_another_one_with_the_same_text_and_never_a_text(self) -> None:
        one, two = make_box(), make_box()
        assert one.name == two.name
        assert one.name != one.mail
        assert one.name != NAME

    def test_values_of_a_query_cannot_be_opened(self) -> None:
        make_box()
        value = Box.objects.values_list("name", flat=True).get()
        assert not isinstance(value, Masked | str)
        assert (str(value), repr(value)) == ("****", "<sealed>")


@pytest.mark.usefixtures("boxes")
class TestDigest:
    def test_finds_equals_however_they_are_written(self) -> None:
        box = make_box()
        make_box(mail="other@example.com", number=None)
        assert Box.objects.get(**matching("mail_digest", " lan.ouyang@EXAMPLE.com ", Box)) == box
        assert Box.objects.get(**matching("number_digest", "１１０１０１ 19900307 4477", Box)) == box
        assert not Box.objects.filter(**matching("number_digest", "", Box)).exists()

    def test_follows_the_text_wherever_the_field_stands(self) -> None:
        box = make_box()
        before = (box.mail_digest, box.number_digest)
        box.mail, box.number = "new@example.com", "110101199003070000"
        box.save()
        box.refresh_from_db()
        assert box.mail_digest != before[0] and box.number_digest != before[1]
        assert Box.objects.get(**matching("mail_digest", "new@example.com", Box)) == box
        again = Box.objects.get(pk=box.pk)
        again.save()
        assert again.mail_digest == box.mail_digest
        again.mail = None
        again.save()
        assert again.mail_digest == ""

    def test_is_another_one_in_another_column(self) -> None:
        box = make_box(mail=NUMBER)
        assert box.mail_digest != box.number_digest


class TestSealing:
    @settings(max_examples=60, deadline=None)
    @given(text=st.text(st.characters(exclude_categories=["Cs"])), place=st.text("abc.:1", max_size=8))
    def test_opens_to_what_was_sealed(self, text: str, place: str) -> None:
        assert unseal_text(seal_text(text, place), place) == text

    @settings(max_examples=30, deadline=None)
    @given(data=st.binary(max_size=200))
    def test_bytes_of_files_too(self, data: bytes) -> None:
        sealed = seal_bytes(data, place="foi.proof:1")
        assert unseal_bytes(sealed, place="foi.proof:1") == data
        with pytest.raises(SealBroken):
            unseal_bytes(sealed, place="foi.proof:2")

    def test_refuses_bytes_that_were_never_sealed(self) -> None:
        for data in (b"", b"%PDF-1.7", b"gk1.test.", b"gk1.nokey.abcdefghijkl"):
            with pytest.raises(SealBroken):
                unseal_bytes(data, place="x")
