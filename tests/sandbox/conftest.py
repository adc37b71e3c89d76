"""Fixtures of the sandbox's own tests."""

from tests.sandbox_fixtures import (  # noqa: F401
    own_sandbox,
    rest,
    sandbox_control,
    sandbox_project,
    sandbox_server,
)
