"""Every address of the portal. Each needs its row in the access table (tests/access_table.py)."""

from django.contrib import admin
from django.urls import include, path

from cbmportal.api.problems import or_problem
from cbmportal.language import in_every_language
from cbmportal.pages import views
from cbmportal.pages.sitemap import sitemap

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security, name="security"),
    path("demo/", include("cbmportal.notices.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("cbmportal.api.urls")),
    *in_every_language(
        path("", include("cbmportal.pages.urls")),
        path("", include("cbmportal.drafts.urls")),
        path("", include("contacts.urls")),
        path("", include("policies.urls")),
        path("", include("measures.urls")),
        path("account/", include("cbmportal.accounts.urls")),
    ),
]

handler400 = or_problem(views.bad_request, 400)
handler403 = or_problem(views.forbidden, 403)
handler404 = or_problem(views.not_found, 404)
handler429 = "cbmportal.pages.views.too_many"
handler500 = or_problem(views.server_error, 500)
