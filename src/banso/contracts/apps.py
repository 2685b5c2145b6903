from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "banso.contracts"
    label = "contracts"
