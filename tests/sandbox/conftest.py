"""Fixtures of the sandbox's own tests."""

from tests.sandbox_fixtures import rest, sandbox_project

__all__ = ["rest", "sandbox_project"]
