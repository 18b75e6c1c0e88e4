from django.urls import path

from cbmportal import addresses
from cbmportal.pages import my, views

addresses.register()

urlpatterns = [
    path("", views.home, name="home"),
    path("states/", views.states, name="states"),
    path("states/<iso3:iso3>/", views.state, name="state"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("my/", my.my, name="my"),
    path("my/<iso3:iso3>/", my.my_state, name="my_state"),
]
