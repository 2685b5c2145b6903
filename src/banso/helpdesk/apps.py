from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "banso.helpdesk"
    label = "helpdesk"

    def ready(self) -> None:
        from banso.helpdesk import policies  # noqa: F401 - grants the room's permissions
        from banso.helpdesk.selectors.datasets import DATASETS
        from banso.workspace.selectors import register_dataset

        for dataset in DATASETS:
            register_dataset(dataset)
