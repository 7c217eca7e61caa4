"""The commands that ask the engine, against a real console on a real socket."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.events import AgentGotNotReady, AgentLoggedIn, ContactQueued
from acd.model import AgentId, ContactId, QueueName
from ivrengine.cli import agents, explain, main, queues, records, reload, trunks
from ivrengine.console.app import console_app
from ivrengine.console.server import listen, serve
from ivrengine.console.token import TOKEN_FILE
from tests.kit.console import TOKEN, Bench
from tests.kit.facts import served_call

pytestmark = pytest.mark.contract

APPS = {
    "agents": agents.app,
    "explain": explain.app,
    "queues": queues.app,
    "records": records.app,
    "reload": reload.app,
    "trunks": trunks.app,
}


@dataclass
class Running:
    """An engine's console that serves, and how to ask it."""

    bench: Bench
    port: int

    def ask(self, *words: str) -> Result:
        return CliRunner().invoke(APPS[words[0]], words[1:], catch_exceptions=True)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    bench = Bench(tmp_path)
    asyncio.run(bench.records.append(served_call("c-1")))
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    (tmp_path / TOKEN_FILE).write_text(TOKEN)
    monkeypatch.setenv("IVRENGINE_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("IVRENGINE_HTTP_PORT", str(port))
    monkeypatch.setenv("COLUMNS", "200")
    loop = asyncio.new_event_loop()
    serving = loop.create_task(serve(console_app(bench.parts()), listener))

    def run() -> None:
        try:
            loop.run_until_complete(serving)
        except asyncio.CancelledError:
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield Running(bench, port)
    loop.call_soon_threadsafe(serving.cancel)
    thread.join(10)


def test_agents_are_listed_and_led_through_their_states(running: Running) -> None:
    shown = running.ask("agents")
    assert shown.exit_code == 0
    assert "王芳 Wang Fang" in shown.output
    assert "logged out" in shown.output
    assert "logged" not in running.ask("agents", "login", "8001").output
    told = running.ask("agents", "not-ready", "8001", "--reason", "lunch").output
    assert told.strip() == "8001 Wang Fang: not ready (lunch)"
    (first, _) = json.loads(running.ask("agents", "--json").output)
    assert (first["number"], first["reason"]) == ("8001", "lunch")
    for verb in ("ready", "end-wrap-up", "logout"):
        assert running.ask("agents", verb, "8001", "--json").exit_code == 0


def test_queues_are_listed(running: Running) -> None:
    assert "general" in running.ask("queues").output
    (queue,) = json.loads(running.ask("queues", "--json").output)
    assert queue["waiting"] == 3


def test_trunk_groups_are_listed_with_what_each_class_may_take(running: Running) -> None:
    shown = running.ask("trunks").output
    assert "2 lines, 0 free, most 2" in shown
    row = next(line.split() for line in shown.splitlines() if "ordinary" in line)
    assert [cell for cell in row if cell not in "│┃"] == ["ordinary", "2", "0", "3", "1", "33.33"]
    (trunk,) = json.loads(running.ask("trunks", "--json").output)
    assert trunk["by_class"] == {"ordinary": 2}
    assert trunk["classes"]["ordinary"]["leaves_free"] == 0


def test_records_are_listed_and_one_is_told_as_a_dialogue(running: Running) -> None:
    assert "c-1" in running.ask("records").output
    assert "c-1" in running.ask("records", "--number", "8001").output
    assert "c-1" not in running.ask("records", "--since", "1h").output
    assert "c-1" in running.ask("records", "--since", "1970-01-01T00:00:00").output
    (row,) = json.loads(running.ask("records", "--json").output)
    assert row["direction"] == "in"
    assert row["outcome"] == "served"

    told = running.ask("records", "show", "c-1")
    assert told.exit_code == 0
    assert "dials 952588 from 13812345678" in told.output
    assert "60.00 s  caller     hangs up after 60.0 s: served" in told.output
    whole = json.loads(running.ask("records", "show", "c-1", "--json").output)
    assert whole["facts"][0]["kind"] == "call-admitted"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["agents", "login", "9999"], 1, "there is no agent 9999"),
        (["agents", "ready", "8001"], 1, "not logged in"),
        (["records", "show", "none"], 1, "no record of a call none"),
        (["records", "show", ""], 1, "empty id"),
        (["records", "show", "../agents"], 1, ""),
        (["agents", "dance", "8001"], 2, "No such command"),
        (["agents", "--json", "--watch"], 2, "leave out"),
        (["queues", "--json", "--watch"], 2, "leave out"),
        (["trunks", "--json", "--watch"], 2, "leave out"),
        (["records", "--since", "soon"], 2, "neither"),
        (["records", "--limit", "0"], 2, "limit"),
    ],
)
def test_what_cannot_be_done_is_told_with_an_exit_code(
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["ivrengine", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == code
    assert says in capsys.readouterr().err
    assert running.bench.desk.by_number["8001"].state == "logged_out"


@pytest.mark.parametrize("words", [["agents"], ["queues"], ["records"], ["records", "show", "c"]])
def test_without_a_running_engine_each_says_how_to_start_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    (tmp_path / TOKEN_FILE).write_text(TOKEN)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("IVRENGINE_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("IVRENGINE_HTTP_PORT", str(port))
    monkeypatch.setattr("sys.argv", ["ivrengine", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "no engine answers" in told
    assert "ivrengine run" in told
    assert TOKEN not in told


def test_the_wrong_token_is_refused_with_what_to_do(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / TOKEN_FILE).write_text("x" * 40)
    answer = running.ask("agents")
    assert answer.exit_code == 1
    assert "no valid token" in str(answer.exception)


def test_edited_files_are_put_in_force_and_what_changed_is_told(running: Running) -> None:
    assert "nothing changed" in running.ask("reload").output
    file = running.bench.recordings / "queues.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("wrap_up_s: 5", "wrap_up_s: 6"), encoding="utf-8")
    assert running.ask("reload").output.strip() == "queue general: wrap_up_s: 5.0 → 6.0"
    file.write_text(text, encoding="utf-8")
    told = json.loads(running.ask("reload", "--json").output)
    assert told["changed"] is True
    assert told["changes"][0]["after"] == "5.0"


def test_files_with_faults_are_refused_with_every_fault(
    running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = running.bench.recordings / "queues.yaml"
    text = file.read_text("utf-8").replace("wrap_up_s: 5", "wrap_up_s: five")
    file.write_text(text.replace("skill: general", "skill: genral"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["ivrengine", "reload"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == main.FINDING
    said = capsys.readouterr().err
    assert "queues.yaml:5:16: queues.0.wrap_up_s" in said


def test_why_a_call_waits_is_told_in_sentences_in_a_table_and_as_json(running: Running) -> None:
    floor, agent = running.bench.floor, AgentId("8001")
    floor.tells(AgentLoggedIn(agent=agent), AgentGotNotReady(agent=agent, reason="meal"))
    general = QueueName("general")
    floor.tells(ContactQueued(contact=ContactId("c"), queue=general, enqueued_at=floor.now))
    told = running.ask("explain", "call-c", "--agents").output
    assert "It is number 1 in line" in told
    assert "8001" in told
    assert "logged-out" in told
    standing = json.loads(running.ask("explain", "call-c", "--json").output)["standing"]
    assert standing["requirement"] == "general >= 2"


def test_the_way_of_a_call_that_is_over_is_told(running: Running) -> None:
    told = running.ask("explain", "c-1").output
    assert "was given a line of" in told
    assert "neither waits nor speaks" in told
