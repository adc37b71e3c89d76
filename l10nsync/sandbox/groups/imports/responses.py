"""Translations that a client brings, as the Files API takes them."""

from __future__ import annotations

from l10nsync.sandbox.groups.files import responses as files
from l10nsync.sandbox.groups.imports import rules
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.replies import Reply, data


def import_translations(call: ParsedRequest) -> Reply:
    """POST …/locales/{locale}/file/import."""
    world = call.server.world
    given = rules.TranslationImport(
        uri=call.field("fileUri"),
        file_type=call.field("fileType"),
        content=files.required_part(call).content,
        locale=files.locales_of(world, call)[0],
        state=call.field("translationState"),
        overwrite=call.field("overwrite").lower() in {"true", "1", "yes"},
        directives=files.directives_of(call),
    )
    return data(rules.run(world, call.project, given))
