"""What of the register's answers a download needs: ids, days, tokens and totals.

The pages are kept as they came; `read/` has the types of all that a record holds.
"""

from __future__ import annotations

import msgspec


class _Identification(msgspec.Struct, frozen=True):
    nctId: str


class _Date(msgspec.Struct, frozen=True):
    date: str = ""


class _Status(msgspec.Struct, frozen=True):
    overallStatus: str = ""
    lastUpdatePostDateStruct: _Date = _Date()


class _Protocol(msgspec.Struct, frozen=True):
    identificationModule: _Identification
    statusModule: _Status = _Status()


class _Misc(msgspec.Struct, frozen=True):
    versionHolder: str = ""


class _Derived(msgspec.Struct, frozen=True):
    miscInfoModule: _Misc = _Misc()


class Study(msgspec.Struct, frozen=True):
    """A study: its id, the day of its last update, and that of the data."""

    protocolSection: _Protocol
    derivedSection: _Derived = _Derived()

    @property
    def nct_id(self) -> str:
        """The id of the study."""
        return self.protocolSection.identificationModule.nctId

    @property
    def day(self) -> str:
        """The day of its last update, empty where it was not asked for."""
        return self.protocolSection.statusModule.lastUpdatePostDateStruct.date

    @property
    def status(self) -> str:
        """Its recruitment status, empty where it was not asked for."""
        return self.protocolSection.statusModule.overallStatus

    @property
    def night(self) -> str:
        """The day of the register's data, empty where it was not asked for."""
        return self.derivedSection.miscInfoModule.versionHolder


class Page(msgspec.Struct, frozen=True):
    """A page of studies; the token leads to the next one."""

    studies: list[Study]
    nextPageToken: str = ""
    totalCount: int | None = None


class Version(msgspec.Struct, frozen=True):
    """What the register says of its interface and data."""

    apiVersion: str = ""
    dataTimestamp: str = ""


class _Change(msgspec.Struct, frozen=True):
    version: int
    date: str = ""


class VersionList(msgspec.Struct, frozen=True):
    """The list of the versions of a record."""

    changes: list[_Change]


class Past(msgspec.Struct, frozen=True):
    """One version of a record, and its number."""

    studyVersion: int
    study: Study


read_page = msgspec.json.Decoder(Page).decode
read_study = msgspec.json.Decoder(Study).decode
read_version = msgspec.json.Decoder(Version).decode
read_version_list = msgspec.json.Decoder(VersionList).decode
read_past = msgspec.json.Decoder(Past).decode
