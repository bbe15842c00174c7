"""Asks programs on this computer directly, never through a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

HERE = "127.0.0.1"
DIRECT = (HERE, "localhost", "::1")
"""Names of this computer. IPv6 without brackets: httpx refuses to start when NO_PROXY holds "[::1]"."""

NAMES = ("NO_PROXY", "no_proxy")


def answers(address: str, token: str = "", seconds: float = 5.0) -> bool:
    """Return whether a server on this computer answers at `address` with 200; `token` is Jupyter's."""
    headers = {"Authorization": f"token {token}"} if token else {}
    direct = build_opener(ProxyHandler({}))
    try:
        with direct.open(Request(address, headers=headers), timeout=seconds) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except HTTPError as refused:
        refused.close()
        return False
    except (URLError, OSError, ValueError):
        return False


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a program that we start: this computer is reached directly, all else as before."""
    named = [host.strip() for name in NAMES for host in environment.get(name, "").split(",")]
    direct = ",".join(dict.fromkeys(host for host in [*named, *DIRECT] if host))
    return dict(environment) | dict.fromkeys(NAMES, direct)
