"""The kind of disk is that of the mount nearest to the file."""

from pathlib import Path

from winnow.core.disks import NETWORK_FILES, kind_of_disk

MOUNTS = "disk / ext4 rw 0 0\nhost:/x /srv/share nfs4 rw 0 0\nnone /srv/a\\040b tmpfs rw 0 0\nbroken\n"


def test_the_nearest_mount_counts():
    assert kind_of_disk(Path("/srv/share/deep/a"), MOUNTS) == "nfs4"
    assert kind_of_disk(Path("/srv/shared/a"), MOUNTS) == "ext4"
    assert "nfs4" in NETWORK_FILES


def test_blanks_in_a_name_are_read_and_nothing_says_nothing():
    assert kind_of_disk(Path("/srv/a b/c"), MOUNTS) == "tmpfs"
    assert kind_of_disk(Path("/srv/a"), "") == ""
