from django.urls import path

from cbmportal.drafts import views

urlpatterns = [
    path("my/drafts/", views.keep, name="draft_keep"),
    path("my/drafts/discard/", views.discard, name="draft_discard"),
]
