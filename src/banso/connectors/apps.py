from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "banso.connectors"
    label = "connectors"

    def ready(self) -> None:
        from banso.connectors import policies  # noqa: F401 - grants the room's permissions
