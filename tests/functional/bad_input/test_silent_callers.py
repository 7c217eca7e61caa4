"""A caller who says nothing is spoken to again, offered a person, and let go with a goodbye."""

import pytest

from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import NUMBER

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]


@pytest.fixture
def instance(hasty_instance: Instance) -> Instance:
    return hasty_instance


async def test_silence_is_mandarin_then_help_then_a_person_then_goodbye(
    instance: Instance, caller: Caller
) -> None:
    await caller.dials(NUMBER)
    await caller.hears("menu.main", language="zh", within_s=25)
    for help_given in ("common.no_input", "common.menu_help"):
        await caller.hears(help_given, language="zh", within_s=15)
        await caller.hears("menu.main", language="zh", within_s=15)
    await caller.hears("common.offer_person", language="zh", within_s=15, to_the_end=True)
    await caller.hears("common.offer_person", language="zh", to_the_end=True)
    await caller.hears("system.goodbye", language="zh", to_the_end=True)
    await caller.is_hung_up_on()
    record = await record_of(instance.api, caller.phone.settings.user)
    assert (record.fields["ended_by"], record.fields["outcome"]) == ("system", "completed")
    assert {made["keys"] for made in record.of_kind("entry-made")} == {""}
