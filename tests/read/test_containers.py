"""What files, compressed files and archives hold, and what bad ones cost."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zipfile
import zlib

import pyarrow as pa
import pytest

from trialkit.errors import TrialDataError
from trialkit.read import containers
from trialkit.read.containers import Unpacked, contents, cut_of

pytestmark = pytest.mark.slow

LINES = b"".join(b"line %d of a text\n" % number for number in range(2000))


def zstd(data: bytes) -> bytes:
    return pa.compress(data, "zstd", asbytes=True)


def read_all(path) -> dict[str, bytes]:
    """Return what each member holds, or why it cannot be read."""
    made = {}
    for member, opener in contents(path):
        if isinstance(opener, Exception):
            made[member] = type(opener).__name__
        else:
            with opener() as handle:
                made[member] = handle.read()
    return made


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd]
)
def test_each_packing_gives_the_same_bytes(tmp_path, pack):
    path = tmp_path / "a.bin"
    path.write_bytes(pack(LINES))
    assert read_all(path) == {"": LINES}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_two_packed_files_in_a_row_are_one_text(tmp_path, pack):
    path = tmp_path / "a.bin"
    path.write_bytes(pack(LINES) + pack(b"more"))
    assert read_all(path) == {"": LINES + b"more"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_a_stream_that_breaks_off_gives_what_it_holds_and_says_so(tmp_path, pack):
    noise = os.urandom(40_000).hex().encode() * 3
    packed = pack(LINES + noise)
    path = tmp_path / "a.bin"
    path.write_bytes(packed[: len(packed) - 2000])
    ((_, opener),) = contents(path)
    with opener() as handle:
        data = handle.read()
        assert (LINES + noise).startswith(data)
        assert "breaks off" in (cut_of(handle) or "")


def test_a_whole_stream_is_not_cut(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(LINES))
    ((_, opener),) = contents(path)
    with opener() as handle:
        assert (handle.read(), cut_of(handle)) == (LINES, None)


@pytest.mark.parametrize("held", [0, 1 << 20])
def test_members_of_a_zip_come_in_order_and_hidden_ones_do_not(
    tmp_path, monkeypatch, held
):
    monkeypatch.setattr(containers, "HELD_BYTES", held)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("b.txt", "a/c.txt", ".hidden", "__MACOSX/b.txt", "empty/"):
            archive.writestr(name, LINES + name.encode())
    assert read_all(path) == {"a/c.txt": LINES + b"a/c.txt", "b.txt": LINES + b"b.txt"}


def test_a_name_that_climbs_out_is_only_a_name(tmp_path):
    folder = tmp_path / "inner"
    folder.mkdir()
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../climbed.txt", LINES)
        archive.writestr("/etc/climbed.txt", LINES)
    assert set(read_all(path).values()) == {LINES}
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip", "inner"]


def bomb() -> bytes:
    """Return 128 MiB of zeros, deflated to some 130 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(128)) + packer.flush()


def test_a_stream_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(bomb())
    ((_, opener),) = contents(path)
    with opener() as handle, pytest.raises(TrialDataError, match="300 times"):
        handle.read()


def test_a_member_that_unpacks_without_end_is_refused_alone(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.txt", "w") as member:
            for _ in range(128):
                member.write(bytes(1 << 20))
        archive.writestr("b.txt", LINES)
    assert read_all(path) == {"a.txt": "TrialDataError", "b.txt": LINES}


def test_a_broken_member_does_not_cost_the_others(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", b"first text")
        archive.writestr("b.txt", LINES)
    path.write_bytes(path.read_bytes().replace(b"first text", b"FIRST text"))
    assert read_all(path) == {"a.txt": "BadZipFile", "b.txt": LINES}


def test_a_member_under_a_password_is_named_so(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", LINES)
    packed = bytearray(path.read_bytes())
    packed[6] |= 1  # the flags of the member, and those in the directory
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(packed)
    ((name, error),) = contents(path)
    assert (name, str(error)) == ("a.txt", "under a password")


def test_a_zip_that_breaks_off_cannot_be_read(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", LINES)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(zipfile.BadZipFile):
        list(contents(path))


def test_an_empty_zip_is_named_so(tmp_path):
    path = tmp_path / "a.zip"
    zipfile.ZipFile(path, "w").close()
    with pytest.raises(TrialDataError, match="holds no file"):
        list(contents(path))


def test_a_packed_stream_is_closed_with_its_reader(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(LINES))
    inner = gzip.open(path)
    raw = Unpacked(inner, path.stat().st_size)
    raw.close()
    assert inner.closed
