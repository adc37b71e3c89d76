from django.http import HttpResponse
from django.utils.translation import gettext, ngettext


def index(request):
    loans = 3
    lines = [
        gettext("Welcome to the library"),
        # Translators: %(title)s is the title of a book.
        gettext("%(title)s is due tomorrow") % {"title": "Emma"},
        ngettext("%(count)d loan", "%(count)d loans", loans) % {"count": loans},
    ]
    return HttpResponse("\n".join(lines))
