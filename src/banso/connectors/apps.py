from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banso.connectors"
    label = "connectors"

    def ready(self) -> None:
        from banso.connectors import policies  # noqa: F401 - grants the room's permissions
        from banso.connectors.services import checks, demo, runs, undo
        from banso.workspace.services import jobs

        jobs.register(runs.JOB_KIND, runs.work_on_import)
        jobs.register(checks.JOB_KIND, checks.work_on_check)
        jobs.register(undo.JOB_KIND, undo.work_on_undo)
        jobs.register(demo.REMOVE_JOB, demo.work_on_removal)
