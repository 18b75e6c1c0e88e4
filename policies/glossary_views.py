from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from cbmportal.language import alphabetical
from contacts.requests import ViewerRequest
from policies.filters import GlossaryFilter
from policies.models import GlossaryTerm

ANY = pgettext_lazy("choice", "Any")


class PageFilter(GlossaryFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.form.fields["topic"]
        topic.widget.choices = [("", ANY), *(choice for choice in topic.choices if choice[0])]


@login_not_required
@require_safe
@gzip_page
def glossary(request: ViewerRequest) -> HttpResponse:
    visible = GlossaryTerm.objects.visible_to(request.viewer)
    search = PageFilter(request.GET, visible)
    valid = search.is_valid()
    terms = sorted(search.qs if valid else (), key=lambda term: alphabetical(str(term)))
    context = {
        "form": search.form,
        "searched": any(search.form.data.get(name) for name in search.form.fields),
        "count": len(terms),
        "letters": [(letter, list(found)) for letter, found in groupby(terms, initial)],
    }
    return render(request, "policies/glossary.html", context, status=200 if valid else 400)


def initial(term: GlossaryTerm) -> str:
    """The letter under which readers look for a term; figures stand together, before all letters."""
    first = alphabetical(str(term))[:1].upper()
    return first if first.isalpha() else "0–9"
