from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "cbmportal.pages"
    label = "pages"
