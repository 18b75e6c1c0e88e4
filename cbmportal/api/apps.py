from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cbmportal.api"
    label = "api"
