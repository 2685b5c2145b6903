from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "banso.web"
    label = "web"
