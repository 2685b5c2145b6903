from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "banso.contracts"
    label = "contracts"

    def ready(self) -> None:
        from banso.contracts import policies  # noqa: F401 - grants the room's permissions
        from banso.contracts.selectors.datasets import DATASETS
        from banso.workspace.selectors import register_dataset

        for dataset in DATASETS:
            register_dataset(dataset)
