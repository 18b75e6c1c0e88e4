from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "cbmportal.history"
    label = "history"
