"""The start page: what runs, what to dial and where to look. Plain HTML that shows no caller."""

from collections.abc import Iterable
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from ivrengine.console.ports import ConsoleParts

_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>ivrengine</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto;
       padding: 0 1rem; color: #222 }}
h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.05rem; margin: 2rem 0 .4rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd }}
.ok {{ color: #176b3a }} .bad {{ color: #a3231f }}
code {{ background: #f3f3f3; padding: .1rem .3rem }}
</style>
<h1>ivrengine</h1>
<p class="{mood}">{verdict}</p>
<h2>Health</h2>{health}
<h2>Numbers to dial</h2>{numbers}
<h2>Lines</h2>{lines}
<h2>Queues</h2>{queues}
<h2>More</h2>
<p><a href="/health/ready">readiness</a> · <a href="/metrics">metrics</a> ·
<a href="/api/openapi.json">the API</a> (its token stands in the state folder's file
<code>api-token</code>) · on this machine: <code>ivrengine records</code>,
<code>ivrengine agents --watch</code>, <code>ivrengine queues --watch</code></p>
</html>
"""


def start_page(parts: ConsoleParts) -> APIRouter:
    """Return the page's route."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        return HTMLResponse(_render(parts), headers=_SECURITY)

    return router


def _render(parts: ConsoleParts) -> str:
    checks = parts.readiness()
    ready = not any(check.fault for check in checks)
    agents = parts.agents.agents()
    logged_in = sum(agent.state != "logged_out" for agent in agents)
    return _PAGE.format(
        mood="ok" if ready else "bad",
        verdict=f"{'Serving calls' if ready else 'Not ready'}: {len(parts.calls.live())} up, "
        f"{logged_in} of {len(agents)} agents logged in.",
        health=_table(
            ("part", "state", "what to do"),
            ((check.name, check.fault or "ok", check.remedy) for check in checks),
        ),
        numbers=_table(("number", "for"), ((each.number, each.purpose) for each in parts.numbers)),
        lines=_table(
            ("trunk group", "in use", "of", "refused"),
            ((use.trunk, use.in_use, use.lines, use.refused) for use in parts.trunks.usage()),
        ),
        queues=_table(
            ("queue", "waiting", "ready", "talking", "logged in"),
            (
                (queue.name, queue.waiting, queue.ready, queue.talking, queue.logged_in)
                for queue in parts.agents.queues()
            ),
        ),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return f"<table>{_row('th', head)}{''.join(_row('td', row) for row in rows)}</table>"


def _row(tag: str, cells: Iterable[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
