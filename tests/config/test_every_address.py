"""Every address of the product is in a table here, and none of them opens by accident.

A new view fails these tests until it is written down: as a page to look at, as a button (POST only), or as public. What
each role may see beyond the door is tested beside each feature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import World

# Pages of the back office that answer a look (GET); some take a form, too.
LOOK = {
    "accounts:staff:matrix",
    "accounts:staff:user_create",
    "accounts:staff:user_detail",
    "accounts:staff:user_list",
    "alerts:staff:query_list",
    "approvals:staff:delegation_list",
    "approvals:staff:route_copy",
    "approvals:staff:route_detail",
    "approvals:staff:route_edit",
    "approvals:staff:route_list",
    "audit:staff:entry_detail",
    "audit:staff:entry_list",
    "clocks:staff:calendar",
    "clocks:staff:calendar_import",
    "disclosure:staff:banner_list",
    "disclosure:staff:bundle_detail",
    "disclosure:staff:bundle_list",
    "disclosure:staff:column_edit",
    "disclosure:staff:column_list",
    "disclosure:staff:column_new",
    "disclosure:staff:export_detail",
    "disclosure:staff:export_list",
    "disclosure:staff:import_detail",
    "disclosure:staff:import_list",
    "disclosure:staff:import_new",
    "disclosure:staff:import_report",
    "disclosure:staff:import_template",
    "disclosure:staff:inbox",
    "disclosure:staff:index_schemes",
    "disclosure:staff:intake_detail",
    "disclosure:staff:intake_list",
    "disclosure:staff:intake_upload",
    "disclosure:staff:item_attribute",
    "disclosure:staff:item_detail",
    "disclosure:staff:item_edit",
    "disclosure:staff:item_list",
    "disclosure:staff:item_new",
    "disclosure:staff:items_export",
    "disclosure:staff:link_issue",
    "disclosure:staff:look",
    "disclosure:staff:override_list",
    "disclosure:staff:preview",
    "disclosure:staff:preview_theme",
    "disclosure:staff:reassess_item",
    "disclosure:staff:reassessment_list",
    "disclosure:staff:release",
    "disclosure:staff:release_desk",
    "disclosure:staff:review_sheet",
    "disclosure:staff:revision_compare",
    "disclosure:staff:revision_list",
    "disclosure:staff:risk_list",
    "disclosure:staff:sign",
    "disclosure:staff:timeliness",
    "disclosure:staff:timeliness_export",
    "disclosure:staff:validity_item",
    "disclosure:staff:validity_list",
    "disclosure:staff:withdraw",
    "feedback:staff:page_detail",
    "feedback:staff:page_list",
    "files:staff:download",
    "jobs:staff:failed_list",
    "notices:staff:email_preferences",
    "notices:staff:notice_list",
    "orgs:staff:entry_edit",
    "orgs:staff:group_create",
    "orgs:staff:group_detail",
    "orgs:staff:group_list",
    "orgs:staff:unit_create",
    "orgs:staff:unit_detail",
    "orgs:staff:unit_dissolve",
    "orgs:staff:unit_edit",
    "orgs:staff:unit_export",
    "orgs:staff:unit_import",
    "orgs:staff:unit_list",
    "orgs:staff:unit_merge",
    "orgs:staff:unit_rename",
    "orgs:staff:unit_split",
    "search:staff:miss_list",
    "search:staff:pinned_add",
    "search:staff:pinned_list",
    "search:staff:synonym_add",
    "search:staff:synonym_import",
    "search:staff:synonym_list",
    "search:staff:synonym_template",
    "sites:staff:draft_list",
    "sites:staff:draft_look",
    "sites:staff:draft_read",
    "sites:staff:page_order",
    "sites:staff:shared_add",
    "sites:staff:shared_list",
    "sites:staff:website_edit",
    "sites:staff:website_list",
    "sites:staff:website_new",
    "tokens:staff:system_new",
    "tokens:staff:token_list",
    "tokens:staff:token_new",
    "wordlists:staff:allowed_add",
    "wordlists:staff:allowed_list",
    "wordlists:staff:leader_add",
    "wordlists:staff:leader_edit",
    "wordlists:staff:leader_list",
    "wordlists:staff:word_add",
    "wordlists:staff:word_import",
    "wordlists:staff:word_list",
    "wordlists:staff:word_template",
    "workbench:account",
    "workbench:find",
    *(f"foi:staff:amendment{name}" for name in ("", "_letter", "_new", "s")),
    *(f"foi:staff:{name}" for name in ("alike", "batch", "batch_list", "campaign", "campaign_list")),
    "foi:staff:application_new",
    "foi:staff:board",
    "foi:staff:case",
    *(f"foi:staff:{name}" for name in ("compare", "merge", "move", "split")),
    "foi:staff:course",
    "foi:staff:divisions",
    "foi:staff:fee",
    "foi:staff:fees",
    "foi:staff:fees_csv",
    "foi:staff:letter_list",
    "foi:staff:letter_new",
    *(f"foi:staff:{name}" for name in ("letter_blank", "office", "office_list")),
    *(f"foi:staff:template{name}" for name in ("", "_file", "_list", "_look")),
    *(f"foi:staff:answer_{name}" for name in ("edit", "list", "new")),
    *(f"foi:staff:{name}" for name in ("delivery", "delivery_list", "redact_page", "redaction_list", "service_day")),
    *(f"foi:staff:{name}" for name in ("log", "log_entry", "proposal", "proposals", "retention", "retention_list")),
    "foi:staff:performance",
    "foi:staff:performance_cases",
    "foi:staff:performance_export",
    "foi:staff:redact",
    *(f"foi:staff:{name}" for name in ("remedies", "remedy", "remedy_evidence")),
    "foi:staff:report",
    "foi:staff:report_check",
    "foi:staff:report_list",
    "foi:staff:retrieval",
    "foi:staff:retrieval_new",
    "foi:staff:retrievals",
    "workplans:staff:export_detail",
    "workplans:staff:export_list",
    "workplans:staff:import_preview",
    "workplans:staff:item_add",
    "workplans:staff:item_assign",
    "workplans:staff:item_detail",
    "workplans:staff:item_list",
    "workplans:staff:item_split",
    "workplans:staff:items_export",
    "workplans:staff:my_work",
    "workplans:staff:notice_detail",
    "workplans:staff:notice_list",
    "workplans:staff:overview",
    "workplans:staff:plan_detail",
    "workplans:staff:plan_list",
    "workplans:staff:plan_upload",
    "workplans:staff:template_download",
    "workplans:staff:template_list",
}
# Buttons of the back office: nothing happens when their address is opened.
PRESS = {
    "accounts:staff:password_reset",
    "accounts:staff:post_end",
    "accounts:staff:post_grant",
    "accounts:staff:user_activate",
    "accounts:staff:user_deactivate",
    "approvals:staff:delegation_revoke",
    "approvals:staff:route_assign",
    "approvals:staff:route_unassign",
    "disclosure:staff:attachment_add",
    "disclosure:staff:attachment_move",
    "disclosure:staff:attachment_remove",
    "disclosure:staff:attachment_rename",
    "disclosure:staff:attachment_replace",
    "disclosure:staff:banner_take_down",
    "disclosure:staff:bundle_add",
    "disclosure:staff:bundle_dissolve",
    "disclosure:staff:bundle_publish",
    "disclosure:staff:bundle_remove",
    "disclosure:staff:bundle_schedule",
    "disclosure:staff:bundle_unschedule",
    "disclosure:staff:check",
    "disclosure:staff:check_allow",
    "disclosure:staff:column_close",
    "disclosure:staff:draft_discard",
    "disclosure:staff:gate_check",
    "disclosure:staff:import_cancel",
    "disclosure:staff:import_resume",
    "disclosure:staff:intake_discard",
    "disclosure:staff:intake_recognize",
    "disclosure:staff:item_autosave",
    "disclosure:staff:item_do",
    "disclosure:staff:item_limit",
    "disclosure:staff:item_presence",
    "disclosure:staff:link_revoke",
    "disclosure:staff:override_ask",
    "disclosure:staff:override_decide",
    "disclosure:staff:picture_add",
    "disclosure:staff:publish",
    "disclosure:staff:reader_add",
    "disclosure:staff:reader_remove",
    "disclosure:staff:revision_restore",
    "disclosure:staff:risk_judge",
    "disclosure:staff:schedule",
    "disclosure:staff:schedule_cancel",
    "disclosure:staff:unpublish",
    "feedback:staff:close",
    "jobs:staff:retry",
    "notices:staff:mark_read",
    "notices:staff:notice_open",
    "orgs:staff:alias_add",
    "orgs:staff:alias_end",
    "orgs:staff:member_add",
    "orgs:staff:member_end",
    "search:staff:pinned_end",
    "search:staff:synonym_end",
    "sites:staff:shared_end",
    "tokens:staff:token_revoke",
    "wordlists:staff:allowed_end",
    "wordlists:staff:word_end",
    "foi:staff:answer_retire",
    "foi:staff:delivery_sheet",
    "foi:staff:redact_find",
    "foi:staff:template_use",
    *(f"foi:staff:amendment_{name}" for name in ("hold", "open", "paper", "step")),
    "foi:staff:applicant_open",
    *(f"foi:staff:batch_{name}" for name in ("again", "letters", "new", "start", "stop")),
    "foi:staff:campaign_delete",
    "foi:staff:case_file",
    "foi:staff:case_step",
    "foi:staff:fee_decide",
    "foi:staff:fee_notify",
    "foi:staff:fee_pay",
    *(f"foi:staff:{name}" for name in ("certificate", "hold_lift", "hold_place", "proposal_step", "retention_lines")),
    *(f"foi:staff:log_{name}" for name in ("decline", "object", "propose", "take_down")),
    "foi:staff:identity_open",
    "foi:staff:paper_add",
    "foi:staff:paper_remove",
    "foi:staff:remedy_step",
    "foi:staff:repeat",
    "foi:staff:retrieval_act",
    "workplans:staff:check_record",
    "workplans:staff:duty_add",
    "workplans:staff:duty_end",
    "workplans:staff:evidence_add",
    "workplans:staff:evidence_remove",
    "workplans:staff:import_discard",
    "workplans:staff:import_save",
    "workplans:staff:item_do",
    "workplans:staff:items_bulk",
    "workplans:staff:notice_issue",
    "workplans:staff:plan_activate",
    "workplans:staff:plan_archive",
    "workplans:staff:plan_publish",
    "workplans:staff:plan_unpublish",
}
# Open to signed-in people before they have a post: they choose their first password here.
BEFORE_A_POST = {"accounts:staff:password_change"}
PUBLIC = {
    "api:catalog",
    "api:changes",
    "api:columns",
    "api:documentation",
    "api:dump",
    "api:dumps",
    "api:not_found",
    "api:publication",
    "api:publication_jsonld",
    "api:publications",
    "api:schema",
    "api:schema_foi",
    "api:units",
    "audit:public:anchor_list",
    "audit:public:anchors_json",
    "design:display_set",
    "design:pattern_library",
    "design:theme",
    "disclosure:public:column",
    "disclosure:public:item_detail",
    "disclosure:public:item_file",
    "disclosure:public:item_file_unnamed",
    "disclosure:public:item_list",
    "disclosure:public:item_proof",
    "disclosure:public:unit",
    "disclosure:signing:file",
    "disclosure:signing:sign",
    "feedback:public:give",
    "feedback:public:thanks",
    *(f"feeds:{space}_{form}" for space in ("all", "column", "unit") for form in ("rss", "atom", "json")),
    "orgs:public:unit_detail",
    "orgs:public:unit_list",
    "portal:column_page",
    "portal:column_sheet",
    "portal:healthz",
    "portal:home",
    "portal:list_page",
    "portal:robots",
    "portal:site_map",
    "portal:sitemap",
    "portal:sitemap_shard",
    "portal:terminal",
    "portal:terminal_page",
    "portal:terminal_worker",
    "portal:unit_page",
    "portal:unit_sheet",
    *(f"alerts:public:{name}" for name in ("asked", "confirm", "link", "mine", "save", "stop", "stop_all")),
    "search:public:feed",
    "search:public:page",
    "search:public:suggest",
    *(f"foi:api:{name}" for name in ("application", "applications", "events", "figures", "units", "vocabulary")),
    *(f"foi:public:amend{name}" for name in ("", "_prove", "_withdraw")),
    "foi:public:application_new",
    "foi:public:confirm",
    "foi:public:draft",
    "foi:public:draft_drop",
    "foi:public:figures",
    "foi:public:figures_csv",
    "foi:public:figures_json",
    "foi:public:follow",
    "foi:public:look",
    "foi:public:looked",
    "foi:public:object",
    "foi:public:open_file",
    "foi:public:sheet",
    "foi:public:start",
    "foi:public:suggest",
    "foi:public:supply",
    "foi:public:withdraw",
    *(
        f"sites:public:{space}{name}"
        for space in ("", "site_")
        for name in ("topics", "topic", "picture", "columns", "column", "text")
    ),
    "sites:public:home",
    "workplans:public:plan_data",
    "workplans:public:plan_detail",
    "workplans:public:plan_list",
}
SOME_ID = 999_999
ARGUMENTS = {"verb": "start", "color": "red", "code": "no-such", "uid": "00000000-0000-4000-8000-000000000000"}
ARGUMENTS["name"] = "a.pdf"
ARGUMENTS |= {"site": "no-such", "slug": "no-such"}
ARGUMENTS["rest"] = "v1/no-such/"


def _ours(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...], before: str) -> Iterator[tuple[str, str]]:
    """Yield name and route of every address that a package of ours answers or includes."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if "wagtail" not in str(pattern.urlconf_name):
                yield from _ours(pattern.url_patterns, (*spaces, *filter(None, [pattern.namespace])), route)
        elif pattern.name or not hasattr(pattern.callback, "view_class"):  # the rest only leads on to another address
            yield ":".join((*spaces, pattern.name or "?")), route


ADDRESSES = dict(_ours(get_resolver().url_patterns, (), ""))


def _address(name: str) -> str:
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", ADDRESSES[name])
    return reverse(name, kwargs={key: ARGUMENTS.get(key, SOME_ID) for key in wanted})


def _browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestTable:
    def test_names_every_address(self) -> None:
        assert set(ADDRESSES) == LOOK | PRESS | BEFORE_A_POST | PUBLIC

    def test_staff_addresses_lie_in_the_back_office_and_public_ones_do_not(self) -> None:
        assert all(_address(name).startswith("/admin/") for name in LOOK | PRESS | BEFORE_A_POST)
        assert not any(_address(name).startswith("/admin/") for name in PUBLIC)


@pytest.mark.django_db
class TestDoor:
    @pytest.mark.parametrize("name", sorted(LOOK | PRESS | BEFORE_A_POST))
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_stranger_is_sent_to_sign_in(self, name: str, method: str) -> None:
        if method == "get" and name in PRESS:
            assert _browser(None).get(_address(name)).status_code in (302, 405)
            return
        response = getattr(_browser(None), method)(_address(name))
        if method == "post" and response.status_code == 405:
            return  # a page that takes no form
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_person_without_a_post_is_kept_out_of_everything(self, world: World, method: str) -> None:
        browser = _browser(world.person(None, None))
        found = {name: getattr(browser, method)(_address(name)).status_code for name in sorted(LOOK | PRESS)}
        assert set(found.values()) <= {403}, {n: code for n, code in found.items() if code != 403}

    @pytest.mark.parametrize("role", [Role.DISCLOSURE_OFFICE, Role.SYSTEM_ADMINISTRATOR])
    def test_opening_the_address_of_a_button_does_nothing(self, world: World, role: Role) -> None:
        browser = _browser(world.person(role, world.office))
        found = {name: browser.get(_address(name)).status_code for name in sorted(PRESS)}
        assert set(found.values()) == {405}, {n: code for n, code in found.items() if code != 405}

    @pytest.mark.parametrize("role", [None, Role.DRAFTER, Role.DISCLOSURE_OFFICE, Role.SYSTEM_ADMINISTRATOR])
    def test_what_is_not_there_is_never_an_error_of_ours(self, world: World, role: Role | None) -> None:
        browser = _browser(world.person(role, world.office) if role else None)
        browser.raise_request_exception = False
        found = {}
        for name in sorted(ADDRESSES):
            for method in ("get", "post"):
                found[name, method] = getattr(browser, method)(_address(name), {}).status_code
        assert {key for key, code in found.items() if code >= 500} == set()


@pytest.fixture
def world(db: None) -> World:
    return World()
