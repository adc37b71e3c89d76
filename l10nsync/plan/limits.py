"""What may be spent on a pull request: the limits of the default branch's manifest, never its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from l10nsync.errors import RefusedError
from l10nsync.model import JobSettings, Resource
from l10nsync.plan.jobs import with_lowest_limits


@dataclass(frozen=True, slots=True)
class TrustedLimits:
    """The jobs of the default branch's manifest."""

    branch: str
    jobs: tuple[tuple[str, JobSettings], ...] = ()
    """Name of a resource, and the settings of its job; empty where nothing is known."""
    doubt: str = ""
    """Why nothing is known."""

    def held(self, resource: str, job: JobSettings, *, named: bool) -> JobSettings:
        """Return the job of a pull request's RESOURCE with the limits that count for it.

        With NAMED, the command line names one job for all resources. Raise `RefusedError` where the job is
        to be authorized and nobody knows its limits.
        """
        if job.authorize:
            self.require()
        if not self.jobs:
            return job
        fitting = [] if named else list(self._fitting(resource, job.name))
        lowest = with_lowest_limits(fitting or [job for _, job in self.jobs])
        return replace(job, max_words=lowest.max_words, max_cost=lowest.max_cost)

    def _fitting(self, resource: str, template: str) -> Iterable[JobSettings]:
        """Yield the jobs of that resource and of that template; none where the pull request made up one."""
        by_resource = [job for name, job in self.jobs if name == resource]
        by_template = [job for _, job in self.jobs if job.name == template]
        if by_resource and by_template:
            yield from (*by_resource, *by_template)

    def require(self) -> None:
        """Raise `RefusedError` where nothing is known."""
        if self.jobs:
            return
        branch = f" {self.branch!r}" if self.branch else ""
        raise RefusedError(
            f"the limits of the default branch{branch} are not known ({self.doubt}), and they apply on a pull"
            " request: nothing is authorized",
            hint=_HINT,
        )


_HINT = (
    "Check out with the whole history (`fetch-depth: 0`), authorize after the merge, or override with --yes."
)


def jobs_of(resources: Iterable[Resource]) -> tuple[tuple[str, JobSettings], ...]:
    """Return what a manifest says about the jobs of its resources."""
    return tuple((resource.name, resource.job) for resource in resources if resource.push)
