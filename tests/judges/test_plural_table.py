"""The table of plural categories is what its script writes."""

from __future__ import annotations

import pytest
from babel.core import get_cldr_version

from l10nsync.formats import plural_table
from tests import plural_table as script
from tests.judges import programs

pytestmark = pytest.mark.judges


def test_the_table_is_what_the_script_writes() -> None:
    """Nothing in it is typed by hand; it is written anew when Babel has another version of CLDR."""
    if programs.missing("npm:cldr-core"):
        pytest.skip("needs tool: npm")
    if get_cldr_version() != plural_table.CLDR[1]:
        pytest.skip(
            f"the table is of CLDR {plural_table.CLDR[1]}, Babel has {get_cldr_version()}: make plurals"
        )
    assert script.TARGET.read_text() == script.written()


def test_rules_of_both_versions_are_read() -> None:
    """What whole numbers reach, and what either version names."""
    if programs.missing("npm:cldr-core"):
        pytest.skip("needs tool: npm")
    before, now = script.earlier(), script.latest()
    assert before["he"].named == {"one", "two", "many", "other"}
    assert now["he"].named == {"one", "two", "other"}
    assert "many" not in before["es"].named
    assert "many" in now["es"].reached
