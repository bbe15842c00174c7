"""The join page works below a path of a proxy, and under the proxy's name."""

from __future__ import annotations

from pathlib import Path

import httpx
import join_server
import pytest
from join_server import HERE, NO_TLS, Server, free_port, joined

from toolkit import Workshop
from toolkit.errors import WorkshopError
from toolkit.facilitation.invitation import JoinLink
from toolkit.join.path_prefix import clean_prefix, host_of, public_address

PREFIX = "/services/workshop"


def test_a_phone_joins_below_a_path_and_its_cookie_goes_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register("Alder House")
    monkeypatch.setattr(join_server, "PREFIX", PREFIX)
    server = Server(tmp_path / "room", free_port()).start()
    try:
        phone = joined(server, server.way().key, "Alder House", "Ana")

        assert phone.get("/").status_code == phone.get("/api/me").status_code == 200
        assert {each.path for each in phone.cookies.jar} == {f"{PREFIX}/"}
        root = f"http://{HERE}:{server.port}"
        assert httpx.get(f"{root}/", verify=NO_TLS).status_code == 404
        assert httpx.get(root + PREFIX, verify=NO_TLS).headers["location"] == f"{PREFIX}/"
        assert server.way().link(HERE).startswith(f"{root}{PREFIX}/#")
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("given", "clean"), [("", ""), ("/", ""), ("services/workshop/", PREFIX), (PREFIX, PREFIX), ("/a.b~c", "/a.b~c")]
)
def test_a_path_is_taken_with_and_without_slashes(given: str, clean: str) -> None:
    assert clean_prefix(given) == clean


@pytest.mark.parametrize("given", ["/a b", "/a//b", "/..", "https://hub.example.org/x", "/ä#"])
def test_what_is_no_path_is_refused(given: str) -> None:
    with pytest.raises(WorkshopError, match="is no path"):
        clean_prefix(given)


def test_the_link_of_a_proxy_has_its_name_and_no_port_of_ours() -> None:
    address = public_address("Hub.Example.org")
    link = JoinLink((address,), 8000, "key", "CODE", prefix=PREFIX)

    assert (address, host_of(address)) == ("https://hub.example.org", "hub.example.org")
    assert link.link() == "https://hub.example.org/services/workshop/#key"
    assert link.in_words == "hub dot example dot org slash services slash workshop"
    with pytest.raises(WorkshopError, match="is no name"):
        public_address("hub.example.org/path")
