"""``ivrengine``: one command, one file for each of its sub-commands."""

import importlib
import sys
from difflib import get_close_matches
from importlib.metadata import version

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivrengine.errors import EngineError

FINDING, MISUSE = 1, 2

SUB_COMMANDS = {
    "run": "Start everything and serve until Ctrl-C.",
    "check": "Check all files of operators: flows, prompts, agents, queues, lines.",
    "simulate": "Walk through a flow in the terminal, without telephones.",
    "graph": "Draw a flow as Mermaid or DOT.",
    "test-flows": "Run the tests of the flows.",
    "config": "Show every setting, its value and where that came from.",
    "doctor": "Say what is missing on this machine and how to get it.",
    "agents": "Show agents and change their state.",
    "queues": "Show queues.",
    "trunks": "Show lines, and for whom the last ones are kept.",
    "hash-pin": "Make what the list of customers keeps of a PIN.",
    "explain": "Say why a call waits, or why it went where it went.",
    "reload": "Put edited files in force without dropping anybody.",
    "demo": "Place the demonstration call in a system that runs already.",
    "records": "Show what happened in calls.",
    "prompts": "Render, install, check and list the prompts.",
    "bench": "Measure the routing core, and the whole engine beside its rivals.",
    "capacity": "Reckon lines, agents and nodes for a load, or the load that they bear.",
    "load": "Fill every line with callers, and judge how they are borne.",
    "softswitch": "Fetch, run and look at Asterisk.",
    "engine": "Run the engine alone, beside an Asterisk that runs already.",
}


def main() -> None:
    """Run the sub-command that the first argument names, loading no other's module.

    Faults that we foresaw are told without a stack trace. Exit codes: 0 for success, 1 for a
    finding, 2 for misuse.
    """
    name, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("--help", [])
    if name in ("--help", "-h", "help"):
        Console(highlight=False).print(_help())
    elif name in ("--version", "-V"):
        Console(highlight=False).print(f"ivrengine {version('ivrengine')}")
    elif name in SUB_COMMANDS:
        _run(name, rest)
    else:
        _complain(f"there is no command {name!r}", _suggestion(name))
        sys.exit(MISUSE)


def _run(name: str, arguments: list[str]) -> None:
    module = importlib.import_module(f"ivrengine.cli.{name.replace('-', '_')}")
    try:
        module.app(args=arguments, prog_name=f"ivrengine {name}")
    except EngineError as fault:
        _complain(str(fault), fault.remedy)
        sys.exit(FINDING)


def _help() -> Table:
    table = Table(
        title="Usage: ivrengine COMMAND [ARGS]…, ivrengine COMMAND --help",
        title_justify="left",
        title_style="",
        show_header=False,
        box=None,
    )
    for name, purpose in SUB_COMMANDS.items():
        table.add_row(f"[bold]{name}[/]", purpose)
    return table


def _suggestion(name: str) -> str:
    near = get_close_matches(name, SUB_COMMANDS, n=1)
    return f"did you mean `ivrengine {near[0]}`?" if near else "`ivrengine --help` lists them all"


def _complain(fault: str, remedy: str) -> None:
    complaints = Console(stderr=True, highlight=False, soft_wrap=True)
    complaints.print(Text("error ", style="bold red"), Text(fault), sep="")
    if remedy:
        complaints.print(Text("what to do: ", style="bold"), Text(remedy), sep="")
