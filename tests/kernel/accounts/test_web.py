"""Who acts in a request: read once by the middleware, or where none has been."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.web import acting
from tests.factories.world import SYSTEM, World


class TestActing:
    def test_is_whom_the_middleware_found(self, rf: RequestFactory) -> None:
        request = rf.get("/")
        request.actor = SYSTEM
        assert acting(request) is SYSTEM

    @pytest.mark.django_db
    def test_a_bare_request_is_read_by_its_user(self, rf: RequestFactory) -> None:
        world, request = World(), rf.get("/")
        request.user = world.person(Role.DRAFTER, world.finance)
        assert acting(request).units_with(Role.DRAFTER) == {world.finance.pk}
        request.user = AnonymousUser()
        assert not acting(request).is_authenticated
