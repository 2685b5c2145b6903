from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "banso.voice"
    label = "voice"
