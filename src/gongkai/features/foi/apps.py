"""Registers the app with Django, and says who reads its files and opens its sealed columns."""

from django.apps import AppConfig


class FoiConfig(AppConfig):
    """Applications for disclosure and their cases."""

    name = "gongkai.features.foi"
    label = "foi"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        """Say who reads the files of a case, who may open what is sealed about an applicant, what a system is let in for."""
        from gongkai.features.foi import scopes, web
        from gongkai.features.foi.services.actions import APPLICANT, CASE, TEMPLATE
        from gongkai.features.foi.services.amendment_actions import AMENDMENT
        from gongkai.kernel.files.readers import register_reader
        from gongkai.kernel.sealed.columns import register_opening
        from gongkai.kernel.tokens.scopes import register_scopes

        register_scopes(scopes.NAMES)
        register_reader(CASE, web.may_read_case_file)
        register_reader(TEMPLATE, web.may_read_template)
        register_reader(AMENDMENT, web.may_read_amendment_file)
        register_opening(
            "foi.Applicant", target_type=APPLICANT, may=web.may_open_applicant, unit_id=web.unit_of_applicant
        )
        register_opening(
            "foi.AmendmentRequest",
            target_type=AMENDMENT,
            may=web.may_open_amendment,
            unit_id=web.unit_of_amendment,
        )
