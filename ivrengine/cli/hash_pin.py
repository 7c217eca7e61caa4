"""``ivrengine hash-pin``: what the list of customers keeps of a PIN."""

import typer

from ivrengine.services.customers.pins import hash_pin
from ivrengine.values import Secret

app = typer.Typer()


@app.command()
def hash_one() -> None:
    """Ask for a PIN without showing it, and print its hash for the list of customers."""
    pin = typer.prompt("PIN", hide_input=True, err=True)
    if not (pin.isascii() and pin.isdecimal()):
        raise typer.BadParameter("a PIN has digits only: callers key it")
    typer.echo(hash_pin(Secret(pin)).reveal())
