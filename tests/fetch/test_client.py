"""The client asks again what is a passing fault, and tells the others in one line."""

from __future__ import annotations

import socket

import msgspec
import pytest

from tests.fetch import standin
from trialkit.errors import ParameterError
from trialkit.fetch.client import Client, NoAnswer, NotThere, Refused

STUDIES = [standin.study(number) for number in range(1, 13)]
ASKED = {"pageSize": "5", "countTotal": "true"}


@pytest.fixture
def register(httpserver):
    return standin.served(httpserver, STUDIES)


def client_of(register, **more):
    return Client(register.url, pace=0, **more)


def test_every_passing_fault_is_asked_again_and_told(register):
    told = []
    register.faults = [
        None,
        standin.status(403),
        standin.status(429, Retry_After="0.01"),
        standin.status(500),
        standin.status(503, Retry_After="-1"),
        standin.page_of_html,
        standin.cut,
        standin.cut_in_silence,
        standin.shorter_length,
    ]
    client = client_of(register, tell=told.append)
    client.ask("/version", read=msgspec.json.decode)

    answer = client.ask("/studies", ASKED, read=msgspec.json.decode)

    assert answer.value["totalCount"] == 12
    assert len(answer.value["studies"]) == 5
    assert [line.partition("; asked again")[0] for line in told] == [
        *("status 403", "status 429", "status 500", "status 503"),
        "a web page in the place of data",
        *["an answer that breaks off"] * 3,
    ]
    assert register.asked[1:] == [("v2/studies", ASKED)] * 9


def test_pauses_grow_from_the_pace_and_honour_what_is_asked(register):
    waited = []
    register.faults = [standin.status(503), standin.status(429, Retry_After="7"), None]
    client = Client(register.url, pace=0.01, sleep=waited.append)

    client.ask("/version", read=msgspec.json.decode)

    assert [pause for pause in waited if pause > 0.0101] == [0.02, 7.0]


def test_a_register_that_asks_for_hours_is_left_alone(register):
    register.faults = [standin.status(429, Retry_After="7200")]
    with pytest.raises(NoAnswer, match=r"status 429.*asks to wait 7,200 s"):
        client_of(register).ask("/version", read=msgspec.json.decode)
    assert len(register.asked) == 1


def test_what_is_refused_or_not_there_is_told_in_its_own_sentence(register):
    wrong = {**ASKED, "filter.advanced": "AREA[NotARealField]x"}
    with pytest.raises(Refused, match=r"^Error parsing query in advanced filter: Unkn"):
        client_of(register).ask("/studies", wrong, read=msgspec.json.decode)
    with pytest.raises(NotThere, match=r"^NCT number NCT00000099 not found$"):
        client_of(register).ask("/studies/NCT00000099", read=msgspec.json.decode)
    assert len(register.asked) == 2


def test_an_alias_leads_to_the_study_and_keeps_the_query(register):
    register.aliases = {"NCT09999999": "NCT00000003"}
    answer = client_of(register).ask(
        "/studies/NCT09999999", {"format": "json"}, read=msgspec.json.decode
    )
    assert standin.id_of(answer.value) == "NCT00000003"
    assert register.asked[1] == ("v2/studies/NCT00000003", {"format": "json"})


def test_nothing_but_the_register_is_asked(register):
    def elsewhere(*_):
        return standin.Response(status=301, headers={"Location": "http://127.0.0.2/"})

    register.faults = [elsewhere]
    with pytest.raises(NoAnswer, match="leads elsewhere"):
        client_of(register).ask("/version", read=msgspec.json.decode)


def test_the_register_is_told_who_asks(register):
    client_of(register, contact="me@example.org").ask(
        "/version", read=msgspec.json.decode
    )
    (agent,) = register.agents
    assert agent.startswith("trialkit/")
    assert agent.endswith(" (me@example.org)")


def test_no_network_is_one_line_after_four_tries():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}/api/v2"
    told = []
    with pytest.raises(
        NoAnswer, match=r"^no answer from 127.0.0.1:\d+: Failed to .*refused"
    ):
        Client(base, pace=0, tell=told.append).ask("/version", read=bytes)
    assert len(told) == 3


@pytest.mark.parametrize(
    ("base", "more", "told"),
    [
        ("clinicaltrials.gov", {}, "is no address"),
        ("https://clinicaltrials.gov/api/int", {}, "must end in /api/v2"),
        ("https://x.org/api/v2", {"pace": -1}, "pace must be"),
        ("https://x.org/api/v2", {"contact": "a\nb"}, "contact must be"),
    ],
)
def test_what_cannot_be_asked_with_is_refused(base, more, told):
    with pytest.raises(ParameterError, match=told):
        Client(base, **more)
