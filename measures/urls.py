from django.urls import path

from cbmportal import addresses
from measures import my_views, views

addresses.register()

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<int:number>/", views.measure, name="measure"),
    path("implementation/", views.implementation, name="implementation"),
    path("timeline/", views.timeline, name="timeline"),
    path("my/<iso3:iso3>/activities/new/", my_views.activity_new, name="my_activity_new"),
    path("my/<iso3:iso3>/activities/<uuid:uuid>/", my_views.activity_edit, name="my_activity_edit"),
    path(
        "my/<iso3:iso3>/activities/<uuid:uuid>/take-back/",
        my_views.activity_take_back,
        name="my_activity_take_back",
    ),
    path(
        "my/<iso3:iso3>/activities/<uuid:uuid>/history/",
        my_views.activity_history,
        name="my_activity_history",
    ),
]
