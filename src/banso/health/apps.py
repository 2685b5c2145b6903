from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "banso.health"
    label = "health"

    def ready(self) -> None:
        from banso.health import policies  # noqa: F401 - grants the room's permissions
