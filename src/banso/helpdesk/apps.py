from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "banso.helpdesk"
    label = "helpdesk"
