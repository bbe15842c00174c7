"""A folder that another program copies away is known by its path, on every system; other folders are not."""

from __future__ import annotations

import pytest

from toolkit.system.cloud_folder import SHARE, copied_by, warning

COPIED = [
    (r"C:\Users\Pat\OneDrive\Documents\spring", "OneDrive"),
    (r"C:\Users\Pat\OneDrive - Example Org\Documents\ws", "OneDrive"),
    ("/Users/pat/Library/CloudStorage/OneDrive-ExampleOrg/ws", "OneDrive"),
    ("/Users/pat/Library/Mobile Documents/com~apple~CloudDocs/ws", "iCloud"),
    (r"C:\Users\Pat\iCloudDrive\ws", "iCloud"),
    ("/home/pat/Dropbox/ws", "Dropbox"),
    (r"C:\Users\Pat\Dropbox (Example Org)\ws", "Dropbox"),
    ("/Users/pat/Library/CloudStorage/Dropbox/ws", "Dropbox"),
    (r"G:\My Drive\ws", "Google Drive"),
    ("/Users/pat/Google Drive/ws", "Google Drive"),
    ("/Users/pat/Library/CloudStorage/GoogleDrive-pat@example.org/My Drive/ws", "Google Drive"),
    ("/home/pat/Nextcloud/ws", "Nextcloud"),
    ("/Users/pat/Library/CloudStorage/Box-Box/ws", "Box"),
    (r"\\server\share\ws", SHARE),
    ("//server/share/ws", SHARE),
]
ONES_OWN = [
    r"C:\workshop",
    r"\\?\C:\workshop",
    "/home/pat/workshops/one-drive-policy",
    "/home/pat/My drive to Lansing",
    "/Users/pat/Documents/boxes/ws",
    "/srv/workshops/icloudberry",
]


@pytest.mark.parametrize(("folder", "who"), COPIED)
def test_a_copied_folder_is_named(folder: str, who: str) -> None:
    assert copied_by(folder) == who
    assert who in warning(folder)
    assert "\n" not in warning(folder)


@pytest.mark.parametrize("folder", ONES_OWN)
def test_a_folder_of_ones_own_is_left_alone(folder: str) -> None:
    assert copied_by(folder) == warning(folder) == ""
