"""Which names and addresses mean this machine."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a Host header (or a host name) means this machine."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    name = name.partition("]")[0].strip("[") if name.startswith("[") else name
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
