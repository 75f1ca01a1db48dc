from __future__ import annotations

from wagtail.admin.menu import Menu, MenuItem
from wagtail.admin.search import Search, SearchArea
from wagtail.admin.telepath import JSContext, registry
from wagtail.admin.ui.sidebar import LinkMenuItem

from gongkai.workbench.menu import DRAWN, ORDER, SEARCH, forget_hidden, order_of, trim


def item(name: str, icon: str = "", order: int = 500) -> MenuItem:
    return MenuItem(name, f"/{name}/", name=name, icon_name=icon, order=order)


class TestTrim:
    def test_takes_the_site_builder_out(self) -> None:
        items = [item("explorer"), item("images"), item("documents"), item("reports"), item("help"), item("plans")]
        trim(items)
        assert [one.name for one in items] == ["plans"]

    def test_orders_by_the_agreed_icons(self) -> None:
        items = [item("审计", "gk-audit", 1), item("工作要点", "gk-plan", 9999), item("工作台", "gk-home", 9999)]
        trim(items)
        assert [one.label for one in sorted(items, key=lambda one: one.order)] == ["工作台", "工作要点", "审计"]

    def test_puts_unknown_items_after_ours(self) -> None:
        last = max(order_of(item("x", icon)) for icon in ORDER)
        assert order_of(item("settings", "cogs", 10)) > last
        assert order_of(item("settings", "cogs", 10_000)) == 10_000

    def test_changes_nothing_when_asked_twice(self) -> None:
        items = [item("审计", "gk-audit"), item("设置", "cogs", 10_000)]
        trim(items)
        before = [one.order for one in items]
        trim(items)
        assert [one.order for one in items] == before


class TestForgetHidden:
    def test_takes_out_for_good_what_nobody_sees(self) -> None:
        main, settings = Menu(items=[item("explorer"), item("plans")]), Menu(items=[item("collections"), item("users")])
        search = Search("no_such_hook")
        areas = [SearchArea("页面", "/pages/", name="pages"), SearchArea("任务", "/find/", name=SEARCH, order=-1)]
        search.registered_search_areas = sorted(areas)
        for _ in range(2):
            forget_hidden((main, settings), search)
            assert [one.name for one in (*main.registered_menu_items, *settings.registered_menu_items)] == [
                "plans",
                "users",
            ]
            assert [one.name for one in search.registered_search_areas] == [SEARCH]


class TestSpareScripts:
    def test_hands_over_the_same_parts_and_no_list_of_scripts(self) -> None:
        context = JSContext()
        packed = context.pack([LinkMenuItem("plans", "工作要点", "/plans/", icon_name="gk-plan")])
        assert packed[0]["_type"] == "wagtail.sidebar.LinkMenuItem"
        assert packed[0]["_args"][0]["url"] == "/plans/" and packed[0]["_args"][0]["label"] == "工作要点"
        assert str(context.media) == ""
        assert all(registry.adapters[part].js_constructor.startswith("wagtail.sidebar.") for part in DRAWN)
