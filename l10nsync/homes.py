"""Names of a package that are imported from their modules only when somebody asks for them.

A package's front would else load all that lies behind it, and start-up is part of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module


def at_home(package: str, homes: Mapping[str, Iterable[str]]) -> Callable[[str], object]:
    """Return a package's `__getattr__`; HOMES maps modules of PACKAGE to the names that it shows of each."""
    modules: dict[str, str] = {}
    for module, names in homes.items():
        modules |= dict.fromkeys(names, module)

    def found(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return found
