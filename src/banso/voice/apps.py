from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "banso.voice"
    label = "voice"

    def ready(self) -> None:
        from banso.voice import policies  # noqa: F401 - grants the room's permissions
        from banso.voice.selectors.datasets import DATASETS
        from banso.workspace.selectors import register_dataset

        for dataset in DATASETS:
            register_dataset(dataset)
