from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "banso.health"
    label = "health"

    def ready(self) -> None:
        from banso.health import (
            handlers,
            policies,  # noqa: F401 - grants the room's permissions
            tasks,
        )
        from banso.health.selectors.datasets import DATASETS
        from banso.workspace.selectors import register_dataset

        for dataset in DATASETS:
            register_dataset(dataset)
        handlers.register()
        tasks.register()
