from django.urls import path

from cbmportal import addresses
from policies import glossary_views, my_views, views
from policies.feed import policies_feed

addresses.register()

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/feed.atom", policies_feed, name="policies_feed"),
    path("glossary/", glossary_views.glossary, name="glossary"),
    path("policies/<ref:ref>/", views.policy, name="policy"),
    path("policies/<ref:ref>/files/<int:number>/", my_views.policy_file, name="policy_file"),
    path("my/<iso3:iso3>/policies/new/", my_views.policy_new, name="my_policy_new"),
    path("my/<iso3:iso3>/policies/<ref:ref>/", my_views.policy_edit, name="my_policy_edit"),
    path("my/<iso3:iso3>/policies/<ref:ref>/withdraw/", my_views.policy_withdraw, name="my_policy_withdraw"),
    path("my/<iso3:iso3>/policies/<ref:ref>/adopt/", my_views.policy_adopt, name="my_policy_adopt"),
    path("my/<iso3:iso3>/policies/<ref:ref>/files/", my_views.policy_file_new, name="my_policy_file_new"),
    path(
        "my/<iso3:iso3>/policies/<ref:ref>/translations/<slug:language>/",
        my_views.policy_translation,
        name="my_policy_translation",
    ),
    path("my/<iso3:iso3>/policies/<ref:ref>/history/", my_views.policy_history, name="my_policy_history"),
]
