"""A verification as a verdict, as diagnostics, as JSON data and as SARIF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from l10nsync.errors import Diagnostic
from l10nsync.formats import RULES, Finding
from l10nsync.plan.verify import Judged, Verification
from l10nsync.render import diagnostics
from l10nsync.render.paint import count

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def verdict(found: Verification) -> str:
    """Return the outcome in one sentence."""
    total = len(found.targets)
    if found.passed:
        figures = (count(total, "target"), count(0, "error"), count(found.warnings, "warning"))
        return f"verify: passed ({', '.join(figures)})"
    places = [count(len(found.sources), "source")] if found.sources else []
    places += [f"{found.failed} of {count(total, 'target')}"] if found.failed or not places else []
    return f"verify: not passed: {count(found.errors, 'error')} in {' and '.join(places)}"


def problems(found: Verification) -> list[Diagnostic]:
    """Return every finding with its place: errors first, then by path and line."""
    pairs = sorted(_pairs(found), key=lambda pair: (pair[1].severity, pair[0].path, pair[1].line))
    return [_problem(*pair) for pair in pairs]


def _pairs(found: Verification) -> Iterator[tuple[Judged, Finding]]:
    for judged in found.judged:
        for finding in judged.findings:
            yield judged, finding


def _problem(judged: Judged, finding: Finding) -> Diagnostic:
    text = (judged.lines or {}).get(finding.line, "").rstrip()
    # A finding without columns marks the whole line, its indentation aside.
    first_column = len(text) - len(text.lstrip()) + 1
    return Diagnostic(
        code=finding.rule,
        severity=finding.severity,
        message=f"{judged.path}{f' ({finding.locale})' if finding.locale else ''}: {finding.message}",
        file=judged.path,
        line=finding.line,
        column=(finding.column or first_column) if text else 0,
        end_column=(finding.end_column or len(text) + 1) if text else 0,
        text=text,
        help=finding.hint,
    )


def data(found: Verification, *, exit_code: int) -> dict[str, Any]:
    """Return the verification as JSON-ready data."""
    return {
        "schemaVersion": 1,
        "command": "verify",
        "exitCode": exit_code,
        "passed": found.passed,
        "verdict": verdict(found),
        "targets": len(found.targets),
        "errors": found.errors,
        "warnings": found.warnings,
        "missing": list(found.missing),
        "noStrings": list(found.no_strings),
        "diagnostics": [_diagnostic_data(*pair) for pair in _pairs(found)],
    }


def _diagnostic_data(judged: Judged, finding: Finding) -> dict[str, Any]:
    return {
        **diagnostics.data(_problem(judged, finding)),
        "message": finding.message,
        "key": finding.key,
        "resource": judged.resource,
        "source": judged.source,
        "locale": finding.locale or judged.locale,
    }


# --- SARIF --------------------------------------------------------------------------------------------


def sarif(found: Verification, *, version: str, exit_code: int) -> dict[str, Any]:
    """Return the verification as a SARIF 2.1.0 log; VERSION is our own."""
    rules = sorted({finding.rule for _, finding in _pairs(found)})
    driver = {"name": "l10nsync", "semanticVersion": version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(judged, finding, rules) for judged, finding in _pairs(found)],
    }
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str) -> dict[str, Any]:
    return {"id": rule, "shortDescription": {"text": RULES.get(rule, rule)}}


def _result(judged: Judged, finding: Finding, rules: list[str]) -> dict[str, Any]:
    uri = quote(judged.path.encode("utf-8", "surrogateescape"))
    place = {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
        # Code scanning requires a line, even if the whole file is meant (a key that is missing).
        "region": {"startLine": max(finding.line, 1)},
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
        "properties": {
            "key": finding.key,
            "locale": finding.locale or judged.locale,
            "resource": judged.resource,
        },
    }
