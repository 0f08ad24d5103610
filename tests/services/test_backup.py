"""Backups: proved by their own restore, whole or not there, and put back."""

import gzip
import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.databases import on_postgresql

from winnow.core.errors import ConflictError, InputError
from winnow.models import Item, SearchWord
from winnow.services import backup, store_postgresql, store_sqlite
from winnow.services.backup import PARTIAL, backups_in, check_files, is_due, make_backup, read_backup, restored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tags")]


@pytest.fixture
def work(make_item):
    return make_item("A title with a \\ backslash,\na line and a ’", state="published", tag="mlops")


def test_a_backup_says_what_it_holds_and_was_restored(work, tmp_path):
    made = make_backup(tmp_path / "b", keep=3)
    assert made.manifest["tables"]["winnow_item"][0] == 1
    assert made.as_json()["rows"] > 1
    assert backups_in(tmp_path / "b") == [made]
    check_files(made)
    with restored(read_backup(made.folder), tmp_path):
        pass


def test_only_its_owner_can_read_it(work, tmp_path):
    made = make_backup(tmp_path / "b", keep=3)
    assert [path.stat().st_mode & 0o077 for path in (made.folder, tmp_path / "b")] == [0, 0]


def test_the_same_rows_make_the_same_hashes_and_others_do_not(work, tmp_path):
    first = make_backup(tmp_path, keep=9).manifest["tables"]
    assert make_backup(tmp_path, keep=9).manifest["tables"] == first
    Item.objects.update(title="Another")
    changed = make_backup(tmp_path, keep=9).manifest["tables"]
    assert {name for name in first if first[name] != changed[name]} >= {"winnow_item"}


def test_the_newest_few_are_kept(work, tmp_path):
    made = [make_backup(tmp_path, keep=2) for _ in range(3)]
    assert backups_in(tmp_path) == [made[2], made[1]]


def test_the_models_and_the_key_come_along(work, tmp_path, settings):
    settings.HOME = tmp_path / "home"
    (settings.HOME / "models" / "m").mkdir(parents=True)
    (settings.HOME / "models" / "m" / "weights.npz").write_bytes(b"w")
    (settings.HOME / "secret_key").write_text("k")
    made = make_backup(tmp_path / "b", keep=1)
    assert {"models/m/weights.npz", "secret_key"} <= set(made.manifest["files"])


def test_d1_what_a_killed_backup_left_is_no_backup_and_goes_with_the_next(work, tmp_path):
    (tmp_path / f"{PARTIAL}x").mkdir()
    (tmp_path / f"{PARTIAL}x" / "manifest.json").write_text("{}")
    assert backups_in(tmp_path) == []
    made = make_backup(tmp_path, keep=1)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [made.folder.name]


def test_d1_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(work, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="nothing was backed up"):
        make_backup(tmp_path / "file", keep=1)


def test_two_at_once_are_one(work, tmp_path):
    tmp_path.joinpath("b").mkdir()
    with backup._alone(tmp_path / "b"), pytest.raises(ConflictError, match="under way"):
        make_backup(tmp_path / "b", keep=1)


def damaged(made, how):
    """Spoil one file of a backup."""
    file = next(made.folder.glob("database.sqlite3"), None) or made.folder / "tables" / "winnow_item.copy.gz"
    if how == "gone":
        file.unlink()
    else:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 255
        file.write_bytes(bytes(data[: len(data) // 2]) if how == "cut" else bytes(data))
    return file


@pytest.mark.parametrize("how", ["gone", "cut", "flipped"])
def test_a_damaged_backup_is_named_by_its_file(work, tmp_path, how):
    made = make_backup(tmp_path, keep=1)
    file = damaged(made, how)
    with pytest.raises(InputError, match=file.name):
        check_files(made)


def test_a_copy_that_holds_another_row_is_no_proof(work, tmp_path):
    made = make_backup(tmp_path, keep=1)
    made.manifest["tables"]["winnow_item"] = [2, "0" * 64]
    with pytest.raises(InputError, match="winnow_item is another"), restored(made, tmp_path):
        pass


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99, "made_at": "2026-01-01T00:00:00+00:00"}', "\xff"])
def test_a_manifest_that_is_none_is_said(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json"):
        read_backup(tmp_path)


def test_one_that_cannot_be_read_stops_neither_the_next_nor_the_schedule(work, tmp_path, settings):
    broken = make_backup(tmp_path, keep=2).folder
    (broken / "manifest.json").write_text("{")
    settings.BACKUP_FOLDER = tmp_path
    assert is_due()
    made = make_backup(tmp_path, keep=1)
    assert backups_in(tmp_path) == [made]
    assert broken.is_dir()


def test_no_manifest_is_no_backup(tmp_path):
    with pytest.raises(InputError, match="no backup lies there"):
        read_backup(tmp_path)


def test_under_load_each_backup_shows_one_moment(make_item, tmp_path):
    """P13: rows are written two by two in one transaction, and no backup holds half of a pair."""
    from django.db import transaction

    stop = threading.Event()

    def write():
        n = 0
        while not stop.is_set():
            with transaction.atomic():
                make_item(f"left {n}", state="in_review")
                make_item(f"right {n}", state="in_review")
            n += 1
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(tmp_path, keep=9) for _ in range(4)]
    finally:
        stop.set()
        writer.join()
    counts = [one.manifest["tables"]["winnow_item"][0] for one in made]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert all(n % 2 == 0 for n in counts)


def test_a_backup_is_due_where_a_folder_is_named_and_the_last_is_old(work, tmp_path, settings):
    settings.BACKUP_FOLDER = None
    assert not is_due()
    settings.BACKUP_FOLDER = tmp_path
    assert is_due()
    made = make_backup(tmp_path, keep=1)
    assert not is_due()
    old = made.manifest | {"made_at": (timezone.now() - timedelta(hours=25)).isoformat()}
    (made.folder / "manifest.json").write_text(json.dumps(old))
    assert is_due()


def as_the_first_format(made):
    """The backup as a version would have made it that sorted text as its database does."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY (SELECT is_listed, n, word FROM winnow_searchword ORDER BY word) TO STDOUT") as rows,
    ):
        data = b"".join(map(bytes, rows))
    file = "tables/winnow_searchword.copy.gz"
    (made.folder / file).write_bytes(gzip.compress(data))
    manifest = made.manifest | {"format": 1}
    manifest["tables"]["winnow_searchword"] = (data.count(b"\n"), hashlib.sha256(data).hexdigest())
    (made.folder / "manifest.json").write_text(json.dumps(manifest))
    return read_backup(made.folder)


@on_postgresql
def test_one_whose_text_is_sorted_as_its_database_does_is_still_read(tags, tmp_path):
    SearchWord.objects.bulk_create(SearchWord(word=word) for word in ("zebra", "éclair", "Zoo"))
    made = make_backup(tmp_path, keep=1)
    before = made.manifest["tables"]["winnow_searchword"]
    old = as_the_first_format(made)
    assert old.manifest["tables"]["winnow_searchword"] != before
    with restored(old, tmp_path):
        pass


def test_a_folder_that_cannot_be_looked_at_is_due_and_the_backup_says_why(tmp_path, settings):
    # A name too long for the disk: refused also to a user who may read everything.
    settings.BACKUP_FOLDER = tmp_path / ("long" * 100)
    assert is_due()
    with pytest.raises(InputError, match="File name too long; nothing was backed up"):
        make_backup(settings.BACKUP_FOLDER, keep=1)


def test_the_scratch_is_gone_afterwards(work, tmp_path):
    made = make_backup(tmp_path, keep=1)
    with restored(made, tmp_path):
        pass
    assert not (tmp_path / store_sqlite.RESTORING).exists()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [store_postgresql.SCRATCH])
            assert cursor.fetchone() is None
