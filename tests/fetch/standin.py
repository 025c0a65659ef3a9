"""A stand-in for ClinicalTrials.gov on 127.0.0.1, with faults to order."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response

#: Changes an answer, given what was asked of which register.
Fault = Callable[["Register", Request, Response], Response]


def study(number: int, *, day: str = "2026-08-19", updated: str = "2026-01-01") -> dict:
    """Return a small record, with a contact person as the register publishes one."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{number:08}",
                "briefTitle": f"Hepatocytes in liver failure, {number}",
            },
            "statusModule": {
                "overallStatus": "RECRUITING",
                "studyFirstPostDateStruct": {"date": updated, "type": "ACTUAL"},
                "lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"},
            },
            "conditionsModule": {"conditions": ["Liver Failure"]},
            "contactsLocationsModule": {
                "centralContacts": [{"name": "A. Person", "email": "a@example.org"}]
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": day}},
        "hasResults": False,
    }


@dataclass
class Register:
    """Studies and their day, and the faults of the next requests in order."""

    studies: list[dict]
    day: str = "2026-08-19"
    time: str = "09:00:06"
    page_size: int = 5
    faults: list[Fault | None] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    #: Ids that no search finds, and that the register has still.
    hidden: set[str] = field(default_factory=set)
    #: Path and parameters of every request, as they came.
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: The versions of a study, by its id: day, status and participants of each.
    versions: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    agents: set[str] = field(default_factory=set)
    url: str = ""

    def answer(self, request: Request) -> Response:
        """Answer one request, with the fault whose turn it is."""
        path = request.path.removeprefix("/api/")
        self.asked.append((path, request.args.to_dict()))
        self.agents.add(request.headers.get("User-Agent", ""))
        fault = self.faults.pop(0) if self.faults else None
        plain = self._answer(path, request)
        return fault(self, request, plain) if fault else plain

    def _answer(self, path: str, request: Request) -> Response:
        if path == "v2/version":
            stamp = f"{self.day}T{self.time}"
            return as_json({"apiVersion": "2.0.5", "dataTimestamp": stamp})
        if path == "v2/studies":
            return self._page(request.args.to_dict())
        past = re.fullmatch(r"int/studies/(NCT\d{8})/history(?:/(\d+))?", path)
        if past:
            return self._history(past[1], past[2])
        one = re.fullmatch(r"v2/studies/(NCT\d{8})", path)
        if one and one[1] in self.aliases:
            place = f"/api/v2/studies/{self.aliases[one[1]]}"
            return Response(status=301, headers={"Location": place})
        found = [item for item in self._dated() if one and id_of(item) == one[1]]
        if found:
            return as_json(found[0])
        return text(f"NCT number {one[1] if one else path} not found", 404)

    def _history(self, id_: str, number: str | None) -> Response:
        if id_ in self.aliases:
            end = f"/{number}" if number else ""
            place = f"/api/int/studies/{self.aliases[id_]}/history{end}"
            return Response(status=301, headers={"Location": place})
        known = dict(enumerate(self.versions.get(id_, ())))
        if not known or (number and int(number) not in known):
            return text(f"NCT number {id_} not found", 404)
        if number is None:
            rows = [
                {"version": n, "date": day, "status": status, "moduleLabels": []}
                for n, (day, status, _) in known.items()
            ]
            return as_json({"changes": rows}, packed=True)
        day, status, people = known[int(number)]
        old = study(int(id_[3:]), updated=day)
        old["protocolSection"]["statusModule"]["overallStatus"] = status
        info = {"enrollmentInfo": {"count": people, "type": "ESTIMATED"}}
        old["protocolSection"]["designModule"] = info
        return as_json({"studyVersion": int(number), "study": old})

    def _dated(self) -> list[dict]:
        for item in self.studies:
            item["derivedSection"]["miscInfoModule"]["versionHolder"] = self.day
        return self.studies

    def found(self, asked: dict[str, str]) -> list[dict]:
        """Return what a question finds: by id, and by the day of the last update."""
        found = [item for item in self._dated() if id_of(item) not in self.hidden]
        if ids := asked.get("filter.ids"):
            found = [item for item in found if id_of(item) in re.split(r"[,|]", ids)]
        if since := re.search(
            r"RANGE\[(\S+?), ?MAX\]", asked.get("filter.advanced", "")
        ):
            found = [item for item in found if updated(item) >= since[1]]
        return found

    def _page(self, asked: dict[str, str]) -> Response:
        if "NotARealField" in asked.get("filter.advanced", ""):
            told = "Unknown area name: `NotARealField`"
            return text(f"Error parsing query in advanced filter: {told}", 400)
        found, token = self.found(asked), asked.get("pageToken", "")
        first = int(token.partition("-")[0] or 0)
        size = min(self.page_size, int(asked["pageSize"]))
        page: dict[str, Any] = {"studies": found[first : first + size]}
        if asked.get("countTotal") == "true":
            page = {"totalCount": len(found), **page}
        if first + size < len(found):
            page["nextPageToken"] = f"{first + size}-token"
        return as_json(page, packed=True)


def id_of(item: dict) -> str:
    """Return the id of a study."""
    return item["protocolSection"]["identificationModule"]["nctId"]


def updated(item: dict) -> str:
    """Return the day of a study's last update."""
    return item["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]


def as_json(value: Any, *, packed: bool = False) -> Response:
    """Return a value as an answer."""
    body = json.dumps(value).encode()
    headers = {"Content-Encoding": "gzip"} if packed else {}
    kind = "application/json"
    return Response(gzip.compress(body) if packed else body, 200, headers, kind)


def text(words: str, status: int, **headers: str) -> Response:
    """Return a text as an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(words, status, named, content_type="text/plain")


def value_of(response: Response) -> Any:
    """Return the value of an answer."""
    body = response.data
    return json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)


# The faults. Those with a status and so on take their own arguments first.


def status(code: int, **headers: str) -> Fault:
    """Answer with a status, and a page as servers write it."""
    return lambda *_: text("<html><body>Error</body></html>", code, **headers)


def page_of_html(*_: Any) -> Response:
    """Answer 200 with a page."""
    return Response("<!DOCTYPE html><html><body>Error</body></html>", 200)


def cut(_: Register, __: Request, plain: Response) -> Response:
    """Break off in the middle of the body, and close."""
    return _part(plain, len(plain.data) // 2, len(plain.data))


def cut_in_silence(_: Register, __: Request, plain: Response) -> Response:
    """Break off in the middle of the packed body, as if it were whole."""
    return _part(plain, len(plain.data) // 2, len(plain.data) // 2)


def shorter_length(_: Register, __: Request, plain: Response) -> Response:
    """Tell a smaller length than the body has."""
    return _part(plain, len(plain.data), len(plain.data) - 9)


def _part(plain: Response, n_sent: int, n_told: int) -> Response:
    told = Response(plain.data[:n_sent], 200, dict(plain.headers))
    told.headers["Content-Length"] = str(n_told)
    return told


def empty_page(register: Register, request: Request, _: Response) -> Response:
    """Answer without studies, and with a token for what was asked."""
    first = request.args.get("pageToken", "0").partition("-")[0]
    page: dict[str, Any] = {"studies": [], "nextPageToken": f"{first}-again"}
    if request.args.get("countTotal") == "true":
        page["totalCount"] = len(register.studies)
    return as_json(page)


def token_after_last(register: Register, _: Request, plain: Response) -> Response:
    """Give a token although nothing follows."""
    end = f"{len(register.studies)}-end"
    return as_json({"nextPageToken": end, **value_of(plain)})


def same_token(_: Register, request: Request, plain: Response) -> Response:
    """Give the token again that was asked for."""
    page = value_of(plain)
    return as_json({**page, "nextPageToken": request.args.get("pageToken", "5-token")})


def study_again(register: Register, _: Request, plain: Response) -> Response:
    """Repeat the first study of all at the head of a page."""
    page = value_of(plain)
    return as_json({**page, "studies": [register.studies[0], *page["studies"]]})


def reload(day: str) -> Fault:
    """Take in the data of another night from this request on."""

    def change(register: Register, request: Request, _: Response) -> Response:
        register.day = day
        return register._answer(request.path.removeprefix("/api/"), request)

    return change


def expired(*_: Any) -> Response:
    """Refuse the token."""
    return text("Invalid page token", 400)


def without(number: int) -> Fault:
    """Leave a study out of a page, as an index that moves does."""

    def change(_: Register, __: Request, plain: Response) -> Response:
        page = value_of(plain)
        left = [item for item in page["studies"] if id_of(item) != f"NCT{number:08}"]
        return as_json({**page, "studies": left})

    return change


def another_version(id_: str, day: str) -> Fault:
    """Give a study one more version before the answer."""

    def change(register: Register, request: Request, _: Response) -> Response:
        register.versions[id_].append((day, "COMPLETED", 9))
        return register._answer(request.path.removeprefix("/api/"), request)

    return change


def total(n: int) -> Fault:
    """Tell another total."""
    return lambda _, __, plain: as_json({**value_of(plain), "totalCount": n})


def served(httpserver: Any, studies: Iterable[dict], **more: Any) -> Register:
    """Return a register that answers on a server."""
    register = Register(list(studies), **more)
    httpserver.expect_request(re.compile("/api/.*")).respond_with_handler(
        register.answer
    )
    register.url = httpserver.url_for("/api/v2")
    return register
