from django.urls import path

from cbmportal import addresses
from cbmportal.accounts.views import personal
from contacts import act_views, invitation_views, my_views, people_views, reads_views, token_views, views

addresses.register()

urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/<uuid:uuid>/", views.contact, name="contact"),
    path("directory/<uuid:uuid>/contact.vcf", views.contact_vcard, name="contact_vcard"),
    path("directory/<uuid:uuid>/key.asc", views.contact_key, name="contact_key"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/", my_views.contact_edit, name="my_contact_edit"),
    path("my/<iso3:iso3>/contacts/confirm/", my_views.contacts_confirm, name="my_contacts_confirm"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/undo/", my_views.contact_undo, name="my_contact_undo"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/confirm/", my_views.contact_confirm, name="my_contact_confirm"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/do-not-use/", my_views.contact_mark, name="my_contact_mark"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/use-again/", my_views.contact_lift, name="my_contact_lift"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/purge/", my_views.contact_purge, name="my_contact_purge"),
    path("my/<iso3:iso3>/contacts/<uuid:uuid>/history/", my_views.contact_history, name="my_contact_history"),
    path("my/<iso3:iso3>/nominations/new/", act_views.act_new, name="my_act_new"),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/", act_views.act, name="my_act"),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/edit/", act_views.act_edit, name="my_act_edit"),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/note/", act_views.note_edit, name="my_act_note"),
    path(
        "my/<iso3:iso3>/nominations/<uuid:uuid>/note-<note_language:language>.pdf",
        act_views.note_pdf,
        name="my_act_note_pdf",
    ),
    path(
        "my/<iso3:iso3>/nominations/<uuid:uuid>/note-<note_language:language>.txt",
        act_views.note_txt,
        name="my_act_note_txt",
    ),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/attach/", act_views.act_attach, name="my_act_attach"),
    path(
        "my/<iso3:iso3>/nominations/<uuid:uuid>/signed/<int:number>/",
        act_views.signed_note,
        name="my_act_signed_note",
    ),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/submit/", act_views.act_submit, name="my_act_submit"),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/withdraw/", act_views.act_withdraw, name="my_act_withdraw"),
    path("my/<iso3:iso3>/nominations/<uuid:uuid>/history/", act_views.act_history, name="my_act_history"),
    path("my/<iso3:iso3>/people/", people_views.people, name="my_people"),
    path("my/<iso3:iso3>/people/<uuid:uuid>/retire/", people_views.person_retire, name="my_person_retire"),
    path(
        "my/<iso3:iso3>/invitations/<uuid:uuid>/resend/",
        people_views.invitation_resend,
        name="my_invitation_resend",
    ),
    path(
        "my/<iso3:iso3>/invitations/<uuid:uuid>/revoke/",
        people_views.invitation_revoke,
        name="my_invitation_revoke",
    ),
    path("invitation/<str:signed>/", invitation_views.invitation, name="invitation"),
    path("my/<iso3:iso3>/reads/", reads_views.reads, name="my_reads"),
    path("my/<iso3:iso3>/institutions/new/", my_views.institution_new, name="my_institution_new"),
    path("my/<iso3:iso3>/institutions/<uuid:uuid>/", my_views.institution_edit, name="my_institution_edit"),
    path(
        "my/<iso3:iso3>/institutions/<uuid:uuid>/history/",
        my_views.institution_history,
        name="my_institution_history",
    ),
    path("my/<iso3:iso3>/tokens/", token_views.state_tokens, name="my_tokens"),
    path(
        "my/<iso3:iso3>/tokens/<slug:digest>/revoke/", token_views.state_token_revoke, name="my_token_revoke"
    ),
    path("account/tokens/", personal(token_views.tokens), name="tokens"),
    path("account/tokens/<slug:digest>/revoke/", personal(token_views.token_revoke), name="token_revoke"),
]
