"""What a script or an agent has to know: one text, as a page of the documentation and as a SKILL.md."""

from __future__ import annotations

from l10nsync.cli.commands.explain import EXIT_CODES
from l10nsync.cli.help import DOCS

NAME = "l10nsync"
ABOUT = (
    "Keep resource files and their translations in step with a translation management system. Use it when"
    " strings change in a repository with a .l10n.yml, when translations must be pulled or checked, or when a"
    " release requires complete translations."
)
OUTPUTS = {
    "plan": "plan.schema.json",
    "push, pull, import, prune, rename, pseudo": "report.schema.json",
    "status": "status.schema.json",
    "job list, job show, job files, job update, job authorize, job cancel": "jobs.schema.json",
    "files list": "files.schema.json",
    "strings find": "strings.schema.json",
    "glossary pull": "glossary.schema.json",
}
"""Commands to the schema of what they print with `--format json`."""
PEOPLE = {
    "push --authorize, job authorize": "starts paid work, within `maxWords` and `maxCost`",
    "--yes": "exceeds these limits, cancels a job with content, or replaces translations",
    "prune --apply": "deletes files on the TMS; `prune` alone lists them",
    "--force": "overwrites uncommitted edits (`pull`), or sends every source (`push`)",
    "--accept-shrink, --accept-collision, --accept-superseded, --accept-namespace-change": (
        "replaces what a push refused to touch; the message explains why"
    ),
}
"""What only a person may confirm, and why."""
STEPS = (
    ("l10nsync check", "the manifest and the files, offline; reports every mistake with its line"),
    ("l10nsync plan --format json", "what a push would send; changes nothing"),
    ("l10nsync push --format json", "send it; nothing is authorized unless the manifest or a flag says so"),
    ("l10nsync status --format json", "the progress of each file in each locale"),
    ("l10nsync pull --format json", "write published translations; then review `git diff` and commit"),
    ("l10nsync verify --format json", "is it ready for release? exit code 6 if not"),
)
"""The usual way, command by command."""


_BODY = """\
`l10nsync` reads `.l10n.yml` in the repository. It never prompts: it refuses
whatever needs a decision, and names the flag that allows it.

## The usual way

{steps}

A second `push` or `pull` right after the first does nothing. Running a command again after any failure is
safe.

## What it prints

`--format json` prints one object on standard output, even on failure. It has `schemaVersion` and `exitCode`,
and on failure `error.message`, `error.hint` and `diagnostics`. Progress is on standard error.
Within a `schemaVersion` fields are added, and never renamed.
In plans and reports `reason` and `detail` are texts for people and may change; rely on `code`.

| Command | Schema |
|---|---|
{outputs}

## Exit codes

| Code | Meaning |
|--:|---|
{codes}

On 5 run the same command again later. On 2, 4 and 8 do not repeat it: read `error.hint`, or ask.
`l10nsync explain CODE` explains exit and error codes, `l10nsync explain PATH` what the manifest makes of a
file.

## What only a person may confirm

Do not pass these unless somebody has asked for exactly that:

| Given | Effect |
|---|---|
{people}

Never edit a translation to make a check pass: correct it on the TMS and pull. Never write credentials into a
file; they come from `SMARTLING_USER_IDENTIFIER` and `SMARTLING_USER_SECRET`.

## Trying without an account

`l10nsync sandbox run -- COMMAND` runs a command against a local server that behaves like the service; inside
it, `l10nsync sandbox translate` plays the translators.
"""


def body() -> str:
    """Return the text below the title, as Markdown."""
    steps = (f"{number}. `{line}`: {about}" for number, (line, about) in enumerate(STEPS, 1))
    outputs = (f"| {_code(commands)} | `schemas/{schema}` |" for commands, schema in OUTPUTS.items())
    codes = (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    people = (f"| {_code(given)} | {effect} |" for given, effect in PEOPLE.items())
    parts = {"steps": steps, "outputs": outputs, "codes": codes, "people": people}
    return _BODY.format(**{name: "\n".join(lines) for name, lines in parts.items()})


def skill() -> str:
    """Return it as a SKILL.md: a head that says when to use it, and the text."""
    head = f"---\nname: {NAME}\ndescription: {ABOUT}\n---\n\n# {NAME}\n\n"
    return f"{head}{body()}\nMore: {DOCS}/index.md\n"


def page() -> str:
    """Return it as a page of the documentation."""
    about = "`l10nsync skill` prints this page as a SKILL.md, which coding agents read."
    return f"# For scripts and agents\n\n{about}\n\n{body()}"


def _code(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split(", "))
