"""What `--help` shows besides options: examples to copy, and the page with details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import click

DOCS = "https://github.com/l10nsync/l10nsync/blob/main/docs"


@dataclass(frozen=True, slots=True)
class Help:
    """The end of a command's help."""

    page: str
    """Page of the documentation, without its ending."""
    examples: tuple[tuple[str, str], ...]
    """Command lines, without `l10nsync`, and what each does."""


HELP: Mapping[str, Help] = {
    "": Help(
        "index",
        (
            ("demo", "the whole round trip; no account needed"),
            ("init", "start with a manifest for this repository"),
        ),
    ),
    "init": Help(
        "init",
        (
            ("init --print", "see the manifest before it is written"),
            ("init --from crowdin.yml", "convert another tool's configuration"),
        ),
    ),
    "check": Help(
        "manifest",
        (
            ("check", "the manifest and the files here, offline"),
            ("check --online", "also check the locales of the project"),
        ),
    ),
    "list": Help(
        "manifest",
        (
            ("list -r web -l de", "the files of one resource in one locale"),
            ("list --format tsv", "one line per source and locale, for scripts"),
        ),
    ),
    "explain": Help(
        "manifest",
        (
            ("explain locales/en/app.json", "how the manifest treats a file, and why"),
            ("explain 7", "what an exit code means"),
        ),
    ),
    "plan": Help(
        "push-and-pull",
        (
            ("plan --out plan.json", "save a plan for push --plan"),
            ("plan --pull --diff", "what a pull would change, line by line"),
        ),
    ),
    "push": Help(
        "push-and-pull",
        (
            ("push --dry-run", "show the plan, send nothing"),
            ("push --authorize", "send changes and start their translation"),
        ),
    ),
    "pull": Help(
        "push-and-pull",
        (
            ("pull", "all published translations that are new"),
            ('pull --job "acme main" --complete', "one job, as a whole and only when it is complete"),
        ),
    ),
    "status": Help(
        "status",
        (
            ("status --by locale", "one line per locale"),
            ("status --html status.html", "an HTML report to share"),
        ),
    ),
    "import": Help(
        "import",
        (
            ("import --dry-run", "translations that the TMS lacks"),
            ("import -l de", "import one locale"),
        ),
    ),
    "job": Help("jobs", (("job list --open", "open jobs"), ("job show", "the job of this branch"))),
    "job list": Help(
        "jobs",
        (
            ("job list --open", "only unfinished jobs"),
            ("job list --all --format json", "all jobs of the project, for scripts"),
        ),
    ),
    "job show": Help(
        "jobs",
        (
            ("job show", "the job of this branch"),
            ("job show --cost", "with the service's estimate of the cost"),
        ),
    ),
    "job files": Help(
        "jobs",
        (
            ("job files", "the files in this branch's job"),
            ("job files SMTL-123 --format json", "the files of a job by number, for scripts"),
        ),
    ),
    "job update": Help(
        "jobs",
        (
            ("job update --due-date +3d", "change the job of this branch"),
            ('job update SMTL-123 --description "Text of the shop"', "change a job by its number"),
        ),
    ),
    "job authorize": Help(
        "jobs",
        (
            ("job authorize", "start the job of this branch, within the limits"),
            ('job authorize "acme main"', "start a job by its name"),
        ),
    ),
    "job cancel": Help(
        "jobs",
        (
            ("job cancel", "cancel the job of this branch if it is empty"),
            ('job cancel --yes --reason "wrong texts"', "cancel a job with content, with a reason"),
        ),
    ),
    "job open": Help(
        "jobs",
        (
            ("job open", "show the job of this branch in a browser"),
            ("job open --print", "print its address"),
        ),
    ),
    "files": Help(
        "lookups",
        (
            ("files list", "this repository's files on the TMS"),
            ("files get locales/de/app.json", "one translation, as the TMS has it"),
        ),
    ),
    "files list": Help(
        "lookups",
        (
            ("files list", "each file with its state"),
            ("files list locales/en --format json", "the files of a folder, for scripts"),
        ),
    ),
    "files get": Help(
        "lookups",
        (
            ("files get locales/en/app.json -l de", "the translation into one locale"),
            ("files get locales/en/app.json --original", "the source, as the TMS has it"),
        ),
    ),
    "strings": Help(
        "lookups",
        (
            ('strings find "Save changes"', "where a text is, and its progress"),
            ("strings find --key cart.title", "the string of a key"),
        ),
    ),
    "strings find": Help(
        "lookups",
        (
            ('strings find "Save changes" -l de', "where a text is, and its progress in one locale"),
            ("strings find --key 'cart.*' --format json", "the strings of some keys, for scripts"),
        ),
    ),
    "questions": Help(
        "questions",
        (
            ("questions list", "translators' questions, with file and line"),
            ('questions answer 12 "A verb."', "answer a question"),
        ),
    ),
    "questions list": Help(
        "questions",
        (
            ("questions list -l de-DE", "the questions of one locale"),
            ("questions list --state all --format json", "also answered and closed questions"),
        ),
    ),
    "questions show": Help(
        "questions",
        (
            ("questions show 12", "a question with its comments"),
            ("questions show 12 --format json", "the same, for scripts"),
        ),
    ),
    "questions answer": Help(
        "questions",
        (
            ('questions answer 12 "A verb."', "add a comment, and mark the question as answered"),
            ('questions answer 12 "A verb." --close', "and close it"),
        ),
    ),
    "questions close": Help(
        "questions",
        (
            ("questions close 12", "it no longer needs an answer"),
            ("questions close 12 --format json", "the same, for scripts"),
        ),
    ),
    "questions reopen": Help(
        "questions",
        (
            ("questions reopen 12", "it was closed too early"),
            ("questions reopen 12 --format json", "the same, for scripts"),
        ),
    ),
    "glossary": Help(
        "verify",
        (
            ("glossary pull", "write the glossary that the manifest names"),
            ("verify --offline", "check the translations against it"),
        ),
    ),
    "glossary pull": Help(
        "verify",
        (
            ("glossary pull", "write the glossary that the manifest names"),
            ("glossary pull --format json", "the same, for scripts"),
        ),
    ),
    "context": Help(
        "context",
        (
            ("context push", "send new pictures and pages, and bind their strings"),
            ("context list", "what this repository sent"),
        ),
    ),
    "context push": Help(
        "context",
        (
            ("context push --dry-run", "what would be sent"),
            ("context push -r web", "only those of one resource"),
        ),
    ),
    "context list": Help(
        "context",
        (
            ("context list", "pictures and pages, with the files that they came from"),
            ("context list --format json", "the same, for scripts"),
        ),
    ),
    "context prune": Help(
        "context",
        (
            ("context prune", "those no longer in the repository's output"),
            ("context prune --apply", "delete what was listed"),
        ),
    ),
    "watch": Help(
        "watch",
        (
            ("watch --once", "wait for the next publication and pull it"),
            ("watch --listen none --every 5m -- make", "no callbacks; run make after each pull"),
        ),
    ),
    "verify": Help(
        "verify",
        (
            ("verify", "are the translations ready for release?"),
            ("verify --offline --format sarif", "only the local files, for code scanning"),
        ),
    ),
    "rename": Help(
        "branches",
        (
            ("rename locales/en/old.json locales/en/new.json --dry-run", "what would be done"),
            ("rename locales/en/old.json locales/en/new.json", "do it"),
        ),
    ),
    "prune": Help(
        "branches",
        (
            ("prune", "list leftover files on the TMS"),
            ("prune --apply", "delete what was listed"),
        ),
    ),
    "pseudo": Help(
        "pseudo",
        (
            ("pseudo -l de", "write the targets of one locale"),
            ("pseudo --into build/pseudo", "leave the repository unchanged"),
        ),
    ),
    "doctor": Help(
        "troubleshooting",
        (
            ("doctor", "git, manifest, credentials, service, clock"),
            ("doctor --offline", "without asking the service"),
        ),
    ),
    "schema": Help(
        "manifest",
        (
            ("schema", "print it"),
            ("schema > .l10n.schema.json", "keep it for an editor"),
        ),
    ),
    "demo": Help(
        "tutorial",
        (("demo", "run it in .demo"), ("demo --into /tmp/l10nsync-demo", "run it in another folder")),
    ),
    "completion": Help(
        "start",
        (
            ('eval "$(l10nsync completion bash)"', "in ~/.bashrc; likewise for zsh"),
            ("completion fish > ~/.config/fish/completions/l10nsync.fish", "for fish"),
        ),
    ),
    "skill": Help(
        "agents",
        (
            ("skill > SKILL.md", "save it where your agent looks for skills"),
            ("skill", "read it"),
        ),
    ),
    "ci": Help(
        "github-action",
        (("ci github", "what the Action runs"), ("ci github --format json", "the same")),
    ),
}
"""By the names of the command."""


def examples(of: Help) -> list[tuple[str, str]]:
    """Return the examples of OF as they are typed, with what each does."""
    typed = (typed if typed.startswith("eval") else f"l10nsync {typed}" for typed, _about in of.examples)
    return list(zip(typed, (about for _typed, about in of.examples), strict=True))


class Command(click.Command):
    """A command whose help has its own options first, then the common ones, then examples and a link."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in two groups."""
        from l10nsync.cli.options import COMMON

        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        found = [(option.name in COMMON, option.get_help_record(ctx)) for option in options]
        own = [record for common, record in found if record and not common]
        common = [record for common, record in found if record and common]
        for title, records in (("Options", own), ("Common options", common)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and the link."""
        write_end(ctx, formatter)


class CommandGroup(click.Group):
    """A group of such commands."""

    command_class = Command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and the link."""
        write_end(ctx, formatter)


def write_end(ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the examples of a command, and where more is to be read."""
    found = HELP.get(ctx.command_path.partition(" ")[2])
    if found is None:
        return
    with formatter.section("Examples"):
        for typed, about in examples(found):
            formatter.write(f"{'':{formatter.current_indent}}{typed}  # {about}\n")
    formatter.write(f"\nMore: {DOCS}/{found.page}.md\n")
