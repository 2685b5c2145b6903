from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "banso.accounts"
    label = "accounts"

    def ready(self) -> None:
        from banso.accounts import policies  # noqa: F401 - grants the room's permissions
        from banso.accounts.selectors.datasets import DATASETS
        from banso.workspace.selectors import register_dataset

        for dataset in DATASETS:
            register_dataset(dataset)
