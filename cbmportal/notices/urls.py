from django.urls import path

from cbmportal.notices import views

urlpatterns = [
    path("outbox/", views.outbox, name="demo_outbox"),
    path("outbox/<slug:name>/", views.letter, name="demo_letter"),
    path("outbox/<slug:name>/html", views.letter_as_html, name="demo_letter_html"),
]
