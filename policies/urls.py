from django.urls import path, register_converter

from policies import views


class RefConverter:
    """A record number such as COL-2020-003; whatever else stands there is no page."""

    regex = "[A-Z]{3}-[0-9]{4}-[0-9]{3,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RefConverter, "ref")

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/<ref:ref>/", views.policy, name="policy"),
]
