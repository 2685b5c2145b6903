from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "banso.usage"
    label = "usage"

    def ready(self) -> None:
        from banso.usage import policies  # noqa: F401 - grants the room's permissions
        from banso.usage.services import readings

        readings.offer()
