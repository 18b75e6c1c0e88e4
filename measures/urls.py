from django.urls import path

from measures import views

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/<int:number>/", views.measure, name="measure"),
]
