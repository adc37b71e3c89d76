"""Translated files taken string by string, for every type that is read: nothing lost, nothing misplaced."""

from __future__ import annotations

import pytest

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import downloads, uploads
from l10nsync.sandbox.groups.jobs import job_content
from l10nsync.sandbox.groups.jobs import life as job_life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.translators import existing
from l10nsync.sandbox.groups.translators import rules as translators
from tests.formats.samples import FILES

URI = "a/file"


def holding(file_type: str, source: bytes) -> World:
    """Return a world with one file, and one project for German."""
    world = World()
    projects.create(world, "p", locales=["de-DE"])
    uploads.apply(world, "p", uploads.UploadedFile(URI, file_type, source))
    return world


def delivered(world: World) -> bytes:
    """Return the German translation as it is handed out."""
    return downloads.translated(world, "p", URI, ["de-DE"], downloads.DeliveryOptions()).content


@pytest.mark.parametrize("file_type", FILES)
def test_a_delivered_translation_can_be_taken_back(file_type: str) -> None:
    """Taken into another project, it is delivered there byte for byte."""
    one, other = holding(file_type, FILES[file_type]), holding(file_type, FILES[file_type])
    job = jobs.create(one, "p", {"jobName": "j", "targetLocaleIds": ["de-DE"]})
    job_content.add_file(one, "p", job["uid"], URI, None)
    job_life.authorize(one, "p", job["uid"])
    made = translators.translate(one, "p", translators.TranslationWork({"de-DE": 100}))
    done = existing.take(other, "p", URI, "de-DE", delivered(one))
    assert done.unknown == 0
    assert done.strings == made
    assert delivered(other) == delivered(one)
