from django.urls import path

from cbmportal import addresses
from policies import views

addresses.register()

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/<ref:ref>/", views.policy, name="policy"),
]
