"""What a form needs so that its text is kept.

{% unsaved_text %}     above the form: what the reader has left here unsaved, to go on with or to discard
{% form_mark %}        inside the form: who opened it, and where
{% kept_as_typed %}    inside the form, by its buttons: when it was last kept, told as it happens
"""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cbmportal.drafts.forms import draft_here, is_shown
from cbmportal.drafts.marks import FIELD, Mark, address_of

register = template.Library()


@register.simple_tag(takes_context=True)
def form_mark(context: Context) -> SafeString:
    request = context["request"]
    mark = Mark(request.user.pk, address_of(request))
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, mark)


@register.inclusion_tag("drafts/unsaved_text.html", takes_context=True)
def unsaved_text(context: Context) -> dict[str, Any]:
    request = context["request"]
    draft = draft_here(request) if request.method != "POST" else None
    return {"draft": draft, "request": request, "shown": draft and is_shown(request, draft)}


@register.inclusion_tag("drafts/kept_as_typed.html")
def kept_as_typed() -> dict[str, Any]:
    return {}
