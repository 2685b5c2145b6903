from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "banso.usage"
    label = "usage"
