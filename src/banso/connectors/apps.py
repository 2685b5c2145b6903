from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banso.connectors"
    label = "connectors"

    def ready(self) -> None:
        from banso.connectors import policies  # noqa: F401 - grants the room's permissions
        from banso.connectors.services import demo, runs, undo
        from banso.workspace.services import jobs

        jobs.register(runs.JOB_KIND, runs.work_on_import)
        jobs.register(undo.JOB_KIND, undo.work_on_undo)
        jobs.register(demo.REMOVE_JOB, demo.work_on_removal)
