from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "banso.workspace"
    label = "workspace"
