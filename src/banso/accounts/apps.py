from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "banso.accounts"
    label = "accounts"

    def ready(self) -> None:
        from banso.accounts import policies  # noqa: F401 - grants the room's permissions
