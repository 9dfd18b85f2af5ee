"""What ``slacheck init`` says: the templates there are; what was written, and what to do with it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import groupby

from slacheck.reports.layout import Page
from slacheck.reports.view import View
from slacheck.starting.beginning import Beginning
from slacheck.starting.catalogue import FIRST, Templates

_GROUPS = {
    "general": "To begin with",
    "cloud": "Cloud",
    "saas": "Software as a service",
    "network": "Networks and halls",
    "outsourcing": "Outsourcing",
    "public": "Public services",
    "internal": "Within an organisation",
}
_READ = {
    "whole": "whole text",
    "excerpt": "excerpt",
    "summary": "summary",
    "memory": "memory",
    "practice": "common practice",
}


def listed(templates: Templates, view: View) -> str:
    """Every template under its group, with how the text behind it was read."""
    page = Page(view)
    longest = max(len(each.name) for each in templates.templates)
    for group, found in groupby(templates.templates, key=lambda each: each.group):
        page.head(_GROUPS[group])
        for each in found:
            page.lines.append(f"  {each.name:<{longest}}  {each.title} ({_READ[each.read]})")
    page.blank()
    page.text(
        "In brackets: how the published document was read. Each is a starting point, with made-up exports, and not "
        "the document itself.",
        style="dim",
    )
    page.blank()
    page.text("slacheck init TEMPLATE [FOLDER]  writes one, and says how to run it")
    page.text(f"slacheck init                    the same as slacheck init {FIRST}")
    return "\n".join(page.lines) + "\n"


def told(beginning: Beginning, agreement: str, written: Sequence[str], view: View) -> str:
    """What was written, what has to be decided, and the next commands, which can be copied."""
    page = Page(view)
    for path in written:
        page.lines.append(f"wrote {page.clean(path)}")
    if beginning.needed:
        page.head("To decide, in the agreement")
        for each in beginning.needed:
            page.text(page.clean(each), indent=2, hang=2)
    if beginning.lacking:
        page.head("Exports it reads, with their columns")
        for file, columns in beginning.lacking.items():
            page.text(f"{page.clean(file)}: {', '.join(page.clean(each) for each in columns)}", indent=2, hang=2)
    if beginning.says:
        page.head(f"The exports are made up ({beginning.period})")
        page.text(page.clean(beginning.says), indent=2)
    page.head("Next")
    named = shlex.quote(agreement)
    period = beginning.period or "last-period"
    page.lines.append(f"  slacheck validate {page.clean(named)}")
    page.lines.append(f"  slacheck evaluate {page.clean(named)} --period {period}")
    if beginning.says:
        page.text('then fill in what "<-" marks, and put your own exports in the place of these', indent=2, hang=2)
    return "\n".join(page.lines) + "\n"
