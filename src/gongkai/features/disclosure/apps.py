"""Registers the app with Django, and what it owns with the kernel's files and links."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DisclosureConfig(AppConfig):
    """Items, their attributes and revisions, the gate and the record of what was published when."""

    name = "gongkai.features.disclosure"
    label = "disclosure"
    verbose_name = "信息公开"

    def ready(self) -> None:
        """Say who reads files of items, how items are shown, linked and followed, and put the directory's columns there.

        Rounds of approval under which something was released stay on record when the item is edited again.
        """
        from gongkai.features.disclosure import intake_web, web
        from gongkai.features.disclosure.selectors.publications import rounds_used
        from gongkai.features.disclosure.selectors.references import hidden_entry_ids
        from gongkai.features.disclosure.services import circulation, writing
        from gongkai.features.disclosure.services.actions import TARGET
        from gongkai.kernel.approvals.following import register_follower
        from gongkai.kernel.approvals.targets import register_places, register_uses
        from gongkai.kernel.audit.hiding import register_hidden
        from gongkai.kernel.files.readers import register_reader
        from gongkai.kernel.links.references import register_editor, register_target

        register_reader(TARGET, web.may_read_item_file)
        register_reader("disclosure.export", web.may_read_export_file)
        register_reader("disclosure.intake", intake_web.may_read_intake_file)
        register_reader("disclosure.import", intake_web.may_read_import_file)
        register_target(TARGET, web.show_items)
        register_editor(TARGET, web.may_link_item)
        register_uses(TARGET, rounds_used)
        register_places(TARGET, columns=web.columns_by_name, kinds=web.kinds_by_name)
        register_follower(TARGET, lock=writing.row_lock, follow=circulation.round_followed)
        register_hidden(TARGET, hidden_entry_ids)
        post_migrate.connect(web.put_columns, sender=self, dispatch_uid="disclosure.columns")
