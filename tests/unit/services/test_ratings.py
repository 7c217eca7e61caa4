"""Scores on the scale are kept, others are refused."""

import pytest

from ivrengine.services.ratings.memory import MemoryRatings
from ivrengine.services.ratings.model import Rating
from ivrengine.services.ratings.service import Ratings
from ivrengine.services.registry import ActionContext, ActionResult, Actions, Value
from ivrengine.values import AgentNumber, CallId, Language, PhoneNumber

pytestmark = pytest.mark.unit

ASKER = ActionContext(
    call=CallId("call"), caller=PhoneNumber(""), language=Language.MANDARIN, now=5.0
)


@pytest.mark.parametrize("score", [1, 2, 3, 4, "5"])
async def test_a_score_from_one_to_five_is_kept_for_the_agent(score: Value) -> None:
    store = MemoryRatings()
    actions = Actions(Ratings(store).actions())
    result = await actions.call("calls.rate", ASKER, {"score": score, "agent": "8001"})
    assert result == ActionResult(outcome="ok")
    kept = Rating(
        call=CallId("call"), agent=AgentNumber("8001"), score=int(str(score)), rated_at=5.0
    )
    assert await store.since(0.0) == (kept,)


@pytest.mark.parametrize("score", [0, 6, "9", -1])
async def test_a_score_off_the_scale_is_not_kept(score: Value) -> None:
    store = MemoryRatings()
    result = await Actions(Ratings(store).actions()).call("calls.rate", ASKER, {"score": score})
    assert result == ActionResult(outcome="invalid")
    assert not await store.since(0.0)
