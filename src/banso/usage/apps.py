from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "banso.usage"
    label = "usage"

    def ready(self) -> None:
        from banso.usage import policies  # noqa: F401 - grants the room's permissions
        from banso.usage.services import erasing, readings, tidying
        from banso.workspace.services import jobs
        from banso.workspace.tasks import every

        readings.offer()
        jobs.register(tidying.JOB_KIND, tidying.work_on_tidying)
        jobs.register(erasing.JOB_KIND, erasing.work_on_erasing)
        every(tidying.JOB_KIND, "17 * * * *", tidying.JOB_KIND)
