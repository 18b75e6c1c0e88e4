from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = _("Measures and activities")

    def ready(self) -> None:
        import_module("measures.notices")
