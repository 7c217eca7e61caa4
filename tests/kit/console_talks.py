"""Conversations for tests of the console: orders are kept, and answered as a test wants."""

from ivrengine.calls.talk.orders import Accepted, TalkAnswer, TalkVerb
from ivrengine.values import AgentNumber


class Conversations:
    """Takes orders for conversations."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, TalkVerb, str]] = []
        self.answer: TalkAnswer = Accepted(phase="held")

    async def order(self, agent: AgentNumber, verb: TalkVerb, to: str = "") -> TalkAnswer:
        """Keep the order and give the answer that the test set."""
        self.orders.append((agent, verb, to))
        return self.answer
