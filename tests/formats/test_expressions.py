"""Expressions that come from a manifest or a file never keep a run busy for long."""

from __future__ import annotations

import json
from time import sleep

import pytest

from l10nsync import formats
from l10nsync.formats import expressions, selection
from l10nsync.formats.expressions import expression


def rules(pattern: str, source: str, translation: str) -> list[str]:
    files = (json.dumps({"a": text}).encode() for text in (source, translation))
    said = {"placeholder_format_custom": pattern}
    return [each.rule for each in formats.check("json", *files, locale="de", directives=said)]


@pytest.mark.parametrize("pattern", ["(a|a)+$", r"(?:b|bb|b)+\d", "[unclosed", "x" * 20_000])
def test_an_expression_that_cannot_be_run_is_named(pattern: str) -> None:
    """One that takes for ever, or that nobody can read, is a warning; nothing else is said because of it."""
    assert rules(pattern, "a" * 40 + "b" * 40 + "!", "a" * 41 + "b" * 41 + "?") == ["not-checked"]


def test_expressions_as_java_writes_them_are_run() -> None:
    """Possessive repeats, atomic groups and classes of letters find what they find there."""
    assert rules(r"\[\p{Lu}++(?>\d*)\]", "Go to [BERN1]", "Nach [BERN1]") == []
    assert rules(r"\[\p{Lu}++(?>\d*)\]", "Go to [BERN1]", "Nach Bern") == ["placeholder-missing"]


def test_the_list_of_expressions_may_be_nonsense() -> None:
    """What is not a list of strings protects nothing, and is not a crash."""
    assert rules("[" * 5000, "one", "eins") == ["not-checked"]
    assert rules('[1, {"a": 2}, null]', "one", "eins") == []


def test_a_path_of_many_wildcards_ends() -> None:
    """A path that fits nothing is given up, however many ways there are to try it."""
    path = "/".join(["*"] * 14 + ["end"])
    assert not selection.path_pattern(path).fits("/".join(["step"] * 60))
    assert selection.path_pattern("*/b/*").fits("a/b/c")


def test_a_slow_expression_is_run_once() -> None:
    """What was too slow for one text is not tried with the next."""
    slow = expression(r"(?:d|dd|d)+\d")
    assert slow.spans("dd1") == [(0, 3)]
    assert slow.spans("d" * 60) == []
    assert slow.spans("dd1") == []


def test_waiting_is_no_slowness(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no expression unusable: one that finds nothing leaves a file without strings."""
    monkeypatch.setattr(expressions, "_budget", expressions._Budget(0.02))
    pattern = expression("c+")
    for _time in range(3):
        assert pattern._run(lambda _compiled: sleep(0.015)) is None
    assert pattern.fits("cc")


def test_direction_controls_that_the_source_lacks_are_a_warning() -> None:
    """Marks are text; embeddings, overrides and isolates are not, and half of one is an error."""
    source = b'{"a": "Send it"}'

    def found(text: str) -> list[tuple[str, str]]:
        translation = json.dumps({"a": text}).encode()
        return [
            (each.rule, each.severity) for each in formats.check("json", source, translation, locale="he")
        ]

    assert found("\u200fabc\u200e \u061c") == []
    assert found("\u2067abc\u2069") == [("bidi", "warning")]
    assert found("\u202eabc\u202c") == [("bidi", "warning")]
    assert found("\u202babc") == [("bidi", "error")]
