"""Asking the register: one request after the other, paced, tried again, checked.

`requests` and `tenacity` come with papermill too, so the extra adds nothing to a
reporting installation. What a passing fault is, is decided here: HTML with status 200,
a cut body and a text that is not what was asked are faults, as 429 and 5xx are.
"""

from __future__ import annotations

import gzip
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from trialkit.errors import ParameterError, TrialkitError
from trialkit.extras import need
from trialkit.fetch.pauses import MOST_ASKED, Busy, Pace, asked_pause, tries
from trialkit.version import __version__

if TYPE_CHECKING:
    from requests import Response

REGISTER = "https://clinicaltrials.gov/api/v2"
#: Seconds to wait for a connection, and for the next bytes.
_TIMEOUT = (10, 120)
_MOST_BYTES = 1 << 30
_MOST_MOVES = 5
#: Some five minutes of pauses; less where it was never answered: nobody waits offline.
_TRIES = 10
_FIRST_TRIES = 4
_PASSING = (403, 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
_MOVED = (301, 302, 303, 307, 308)
_LONG = 2_000
#: What urllib3 sets before a reason.
_PLACE = re.compile(r"^.*?(?:object at \w+>|Connection\([^()]*\)): ")
_SHOWN = 300

Parameters = Mapping[str, str]
T = TypeVar("T")


class Refused(ParameterError):
    """The register does not take a question; the error is its own sentence."""


class NotThere(TrialkitError):
    """The register has nothing at an address."""


class NoAnswer(TrialkitError):
    """The register cannot be reached, or gave no usable answer however often asked."""


class Answer(NamedTuple):
    """What came: the bytes, where they came from in the end, and the decoded value."""

    body: bytes
    url: str
    value: Any


class Client:
    """Asks a register with a pause between requests.

    Parameters
    ----------
    base_url
        Where its interface is; it ends in `/api/v2`.
    pace
        Seconds from one request to the next; pauses before another try grow from it.
    contact
        An address by which the register can reach who asks.
    tell
        Called with a sentence when a request is put off.
    sleep
        Waits so many seconds.
    """

    def __init__(
        self,
        base_url: str = REGISTER,
        *,
        pace: float = 1.0,
        contact: str = "",
        tell: Callable[[str], Any] = lambda message: None,
        sleep: Callable[[float], Any] = time.sleep,
    ) -> None:
        need("requests", "tenacity", extra="fetch")
        import requests

        self.base_url = _checked_base(base_url)
        self._pace = Pace(pace, sleep)
        self._tell, self._sleep = tell, sleep
        self._session = requests.Session()
        # gzip alone: what comes is unpacked here, so that a cut is seen.
        self._session.headers.update(
            {
                "User-Agent": _agent(contact),
                "Accept-Encoding": "gzip",
                "Accept": "application/json",
            }
        )
        #: Whether any request was answered yet.
        self._is_known = False

    def ask(
        self,
        path: str,
        parameters: Parameters | None = None,
        *,
        read: Callable[[bytes], T],
        api: str = "v2",
    ) -> Answer:
        """Return the answer to one request.

        Parameters
        ----------
        path
            What is asked, `/studies` or so.
        parameters
            The parameters of the query; on a redirection they go along.
        read
            Decodes the body. What it refuses with a ValueError is asked again.
        api
            `v2`, or the interface beside it: `int`.

        Raises
        ------
        Refused
            If the register does not take the parameters.
        NotThere
            If it has nothing there.
        NoAnswer
            If no usable answer came.
        """
        url = f"{self.base_url.removesuffix('v2')}{api}{path}"
        query = urlencode(dict(parameters or {}))
        attempts = tries(
            self._pace.seconds,
            self._sleep,
            self._tell,
            most=_TRIES if self._is_known else _FIRST_TRIES,
        )
        try:
            return attempts(self._once, url, query, read)
        except Busy as busy:
            told = f"no answer from {urlsplit(url).netloc}: {busy}"
            if busy.pause > MOST_ASKED:
                told += f"; it asks to wait {busy.pause:,.0f} s"
            if len(query) > _LONG:
                told += f" (the question has {len(query):,} letters, perhaps too many)"
            raise NoAnswer(told) from None

    def _once(self, url: str, query: str, read: Callable[[bytes], T]) -> Answer:
        for _ in range(_MOST_MOVES):
            self._pace.wait()
            status, headers, body = self._get(f"{url}?{query}" if query else url)
            if status not in _MOVED:
                self._is_known = True
                return Answer(body, url, _value(status, headers, body, read))
            # The register's own redirections drop the query.
            url = _moved(url, headers.get("Location", ""))
        raise NoAnswer(f"{url} leads from one address to another without end")

    def _get(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        try:
            with self._session.get(
                url, stream=True, timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                return response.status_code, response.headers, _body(response)
        except (RequestException, HTTPError, OSError) as error:
            raise Busy(_reason(error)) from error


def _body(response: Response) -> bytes:
    """Return the unpacked body; one that is cut is an error."""
    from urllib3.exceptions import ProtocolError

    try:
        data = b"".join(_parts(response))
        packed = response.headers.get("Content-Encoding", "") == "gzip"
        return gzip.decompress(data) if packed else data
    except (ProtocolError, EOFError, gzip.BadGzipFile, zlib.error):
        raise Busy("an answer that breaks off") from None


def _parts(response: Response) -> Iterator[bytes]:
    n_bytes = 0
    while part := response.raw.read(1 << 20, decode_content=False):
        n_bytes += len(part)
        if n_bytes > _MOST_BYTES:
            raise NoAnswer(f"an answer of more than {_MOST_BYTES >> 30} GiB")
        yield part


def _value(
    status: int, headers: Mapping[str, str], body: bytes, read: Callable[[bytes], T]
) -> T:
    """Return the decoded body of a good answer; the others are errors."""
    said = " ".join(body[:_SHOWN].decode("utf-8", "replace").split())
    is_page = said.startswith("<")
    if status in _PASSING or (status != 200 and is_page):
        raise Busy(f"status {status}", asked_pause(headers.get("Retry-After", "")))
    if status == 404:
        raise NotThere(said)
    if status != 200:
        raise Refused(said or f"status {status}")
    if is_page:
        raise Busy("a web page in the place of data")
    try:
        return read(body)
    except (ValueError, msgspec.MsgspecError):
        raise Busy("an answer that breaks off or is no data") from None


def _moved(url: str, place: str) -> str:
    """Return the address of a redirection, which must be on the same host."""
    moved = urlsplit(urljoin(url, place))
    here = urlsplit(url)
    if not place or (moved.hostname, moved.scheme) not in (
        (here.hostname, here.scheme),
        (here.hostname, "https"),
    ):
        raise NoAnswer(f"{url} leads elsewhere: {place or 'nowhere'}")
    return moved._replace(query="", fragment="").geturl()


def _checked_base(base_url: str) -> str:
    base = base_url.strip().rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ParameterError(f"base_url {base_url!r} is no address such as {REGISTER}")
    if not base.endswith("/api/v2"):
        raise ParameterError(f"base_url {base_url!r} must end in /api/v2")
    return base


def _agent(contact: str) -> str:
    if not (contact.isascii() and contact.isprintable()):
        raise ParameterError("contact must be a line of plain letters (ASCII)")
    name = f"trialkit/{__version__}"
    return f"{name} ({contact.strip()})" if contact.strip() else name


def _reason(error: BaseException) -> str:
    """Return the innermost reason of a failed connection."""
    for _ in range(9):
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else "")
        if not isinstance(inner, BaseException):
            break
        error = inner
    return _PLACE.sub("", str(error)) or type(error).__name__
