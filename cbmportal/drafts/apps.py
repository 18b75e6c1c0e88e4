from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "cbmportal.drafts"
    label = "drafts"
