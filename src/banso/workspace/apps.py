from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "banso.workspace"
    label = "workspace"

    def ready(self) -> None:
        from banso.workspace.services import jobs, readings, tidying
        from banso.workspace.tasks import every

        readings.offer()
        jobs.register(tidying.JOB_KIND, tidying.work_on_tidying)
        every(tidying.JOB_KIND, "40 3 * * *", tidying.JOB_KIND)
