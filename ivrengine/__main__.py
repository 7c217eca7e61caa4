"""``python -m ivrengine``: the command line without the script that installation makes."""

from ivrengine.cli.main import main

main()
