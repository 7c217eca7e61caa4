"""Runs one SIPp scenario against a system that runs already, for a person who watches.

python -m tests.kit.run_scenario quote/nominal --server 127.0.0.1:5060
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.scenario import every_scenario
from tests.kit.sipp import run_sipp


def main() -> int:
    """Runs what the command line names; SIPp's exit code."""
    scenarios = {scenario.name: scenario for scenario in every_scenario()}
    parser = argparse.ArgumentParser(description="Run one SIPp scenario against a running system.")
    parser.add_argument("scenario", choices=scenarios)
    parser.add_argument("--server", type=_address, default=("127.0.0.1", 5060))
    parser.add_argument("--caller", default="13900000001")
    chosen = parser.parse_args()
    sipp = installation.fetch_test_tools(SoftswitchSettings(), silent).sipp
    job = scenarios[chosen.scenario].job(chosen.server, caller=chosen.caller)
    with tempfile.TemporaryDirectory() as folder:
        run = asyncio.run(run_sipp(sipp, job, folder=Path(folder)))
    sys.stdout.write(f"{run.explain()}\n")
    return run.exit_code


def _address(text: str) -> Address:
    host, _, port = text.partition(":")
    return host, int(port or 5060)


if __name__ == "__main__":
    sys.exit(main())
