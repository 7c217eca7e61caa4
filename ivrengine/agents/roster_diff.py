"""What differs between two rosters, for whoever is to know what a reload does."""

from ivrengine.agents.changes import Change, differences, field_differences
from ivrengine.agents.roster import Roster


def roster_differences(before: Roster, after: Roster) -> tuple[Change, ...]:
    """Return every difference, in a settled order; none when the two are the same."""
    found = [
        *differences("agent", before.agents, after.agents),
        *differences("queue", before.queues, after.queues),
        *differences("calendar", before.calendars, after.calendars),
        *field_differences("by_number", before.by_number, after.by_number),
        *field_differences("statistics", before.statistics, after.statistics),
        *field_differences("sign_out", before.sign_out, after.sign_out),
    ]
    if not found and [*before.queues] != [*after.queues]:
        found.append(Change(subject="queues", field="order", after=", ".join(after.queues)))
    return tuple(sorted(found, key=lambda change: (change.subject, change.field)))
