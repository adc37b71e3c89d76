"""A source without strings, through every command: one word for it, and nothing that waits."""

from __future__ import annotations

import json
import re

from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo

MANIFEST = small_manifest("shop", "gates:", "  release: {complete: 100, fresh: true, valid: true}")
CART = json.dumps({"total": "Total of {n} items", "pay": "Pay now"})
PAGE = json.dumps({"title": "About this shop", "text": "We sell pots"})
EVERY = (("push",), ("pull",), ("status",), ("verify",), ("verify", "--offline"))
"""The commands that have to agree; each ends with 0."""


def agree(in_process: InProcess, repo: Repo) -> None:
    """Check that every command uses the word, and that none waits for anything."""
    for command in EVERY:
        done = in_process.run(repo, *command)
        assert re.search("(no|without) strings", done.out), (command, done.out)
        for wrong in ("not uploaded", "not available yet", "not there yet", "nothing to translate"):
            assert wrong not in done.out, (command, done.out)
    in_process.run(repo, "status", "--fail-if-incomplete")
    in_process.run(repo, "pull", "--check")
    in_process.run(repo, "plan", "--exit-code")
    in_process.run(repo, "plan", "--pull", "--exit-code")


def test_a_source_that_never_had_strings(repo: Repo, in_process: InProcess) -> None:
    """Switches alone, an empty object, an empty file: none of them is waited for."""
    repo.commit(
        {
            ".l10n.yml": MANIFEST,
            "shop/en/cart.json": CART,
            "shop/en/flags.json": '{"beta": true}',
            "shop/en/none.json": "{}",
            "shop/en/blank.json": "",
        }
    )
    in_process.run(repo, "push")
    in_process.translate()
    in_process.run(repo, "pull")
    repo.commit()

    agree(in_process, repo)

    assert not (repo.root / "shop/de/flags.json").exists()
    repo.write({"shop/fr/none.json": "{}"})
    assert "without strings" in in_process.run(repo, "import", "--dry-run").out


def test_a_source_whose_strings_all_left(repo: Repo, in_process: InProcess) -> None:
    """The TMS still has them, with half of their translations; nobody waits for the rest."""
    repo.commit({".l10n.yml": MANIFEST, "shop/en/cart.json": CART, "shop/en/page.json": PAGE})
    in_process.run(repo, "push", "--authorize")
    in_process.translate({"de-DE": 100})
    in_process.run(repo, "pull")
    in_process.translate({"fr-FR": 100})
    repo.commit({"shop/en/page.json": "{}"})
    in_process.run(repo, "pull")
    repo.commit()

    agree(in_process, repo)

    for flag in ("--accept-shrink", "--force"):
        in_process.run(repo, "push", flag)
        in_process.run(repo, "pull")
    (repo.root / ".git/l10nsync/cache.json").unlink(missing_ok=True)
    agree(in_process, repo)


def test_a_source_that_was_deleted_comes_back(repo: Repo, in_process: InProcess) -> None:
    """With its strings it is what it was; without them it has none."""
    repo.commit({".l10n.yml": MANIFEST, "shop/en/cart.json": CART, "shop/en/page.json": PAGE})
    in_process.run(repo, "push", "--authorize")
    in_process.translate()
    in_process.run(repo, "pull")
    repo.commit()
    (repo.root / "shop/en/page.json").unlink()
    repo.commit()
    in_process.run(repo, "push")
    in_process.run(repo, "pull")

    repo.commit({"shop/en/page.json": PAGE})

    for command in EVERY:
        done = in_process.run(repo, *command)
        assert "not uploaded" not in done.out
        assert "not available yet" not in done.out
    repo.commit({"shop/en/page.json": "{}"})
    agree(in_process, repo)
