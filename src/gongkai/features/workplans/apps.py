"""Registers the app with Django, and what it owns with the kernel's files and links."""

from django.apps import AppConfig


class WorkplansConfig(AppConfig):
    """Yearly plans, their work items, the ledger and its evidence."""

    name = "gongkai.features.workplans"
    label = "workplans"
    verbose_name = "工作要点与台账"

    def ready(self) -> None:
        """Say who reads files of items and imports, how items are shown, and what evidence is."""
        from gongkai.features.workplans import metrics, services, web
        from gongkai.features.workplans.selectors import harvest
        from gongkai.kernel.files.readers import register_reader
        from gongkai.kernel.links.references import register_editor, register_relation, register_target

        register_reader("workplans.item", web.may_read_item_file)
        register_reader("workplans.import", web.may_read_import_file)
        register_reader("workplans.export", web.may_read_export_file)
        register_target("workplans.item", web.show_items)
        register_editor("workplans.item", web.may_link_item)
        register_relation(services.RELATION, "佐证材料", "作为佐证")
        metrics.register_harvester("workplans.progress", "本任务的进展报告", harvest.progress_notes)
        metrics.register_harvester("workplans.supervision_answers", "督办单答复", harvest.supervision_answers)
