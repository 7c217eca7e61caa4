"""Agents of several queues are divided among them, and nobody is counted twice or lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import AgentId, QueueName, personal_queue
from acd.shares import Shares

pytestmark = pytest.mark.unit

QUEUES = tuple(map(QueueName, "abc"))
AGENTS = tuple(map(AgentId, ("8001", "8002", "8003")))
teams = st.none() | st.frozensets(st.sampled_from(QUEUES))
takes = st.tuples(st.sampled_from(AGENTS), teams, st.booleans())
works = st.dictionaries(st.sampled_from(QUEUES), st.floats(0, 50))


@given(happened=st.lists(takes | works, max_size=30))
def test_shares_are_those_of_reckoning_with_every_single_agent(happened: list[object]) -> None:
    shares = Shares()
    team_of: dict[AgentId, frozenset[QueueName]] = {}
    free: set[AgentId] = set()
    work: dict[QueueName, float] = {}
    for news in happened:
        if isinstance(news, dict):
            # Of teams that came since, shares are those of the work known then.
            work = {queue: news.get(queue, 0.0) for queue in QUEUES}
            shares.rework(news)
            continue
        agent, team, is_free = news
        is_free = is_free and team is not None
        shares.take(agent, team, is_free=is_free)
        team_of.pop(agent, None)
        if team is not None:
            team_of[agent] = team
        (free.add if is_free else free.discard)(agent)
    for queue in QUEUES:
        in_queue = {agent: team for agent, team in team_of.items() if queue in team}
        expected = sum(
            max(0.05, work.get(queue, 0.0)) / sum(max(0.05, work.get(q, 0.0)) for q in team)
            for team in in_queue.values()
        )
        assert shares.agents(queue) == pytest.approx(expected, abs=1e-9)
        assert shares.free(queue) == len(free & in_queue.keys())
    whole = sum(shares.agents(queue) for queue in QUEUES)
    assert whole == pytest.approx(sum(1 for team in team_of.values() if team))
    for agent in AGENTS:
        assert shares.agents(personal_queue(agent)) == (agent in team_of)
        assert shares.free(personal_queue(agent)) == (agent in free)
