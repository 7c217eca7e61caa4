"""All telephones of the agents on one SIP socket: who is meant by a request is told by its user."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from random import Random

from ivrengine.errors import EngineError
from ivrengine.load.agents.news import News
from ivrengine.load.agents.telephone import Habits, Sound, Telephone
from ivrengine.softphone.sip.dialog import new_tag, response_to
from ivrengine.softphone.sip.digest import Credentials
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.message import user_of
from ivrengine.softphone.sip.registration import Registration, RegistrationRefused
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.transactions import ServerTransaction, Timers, Transactions
from ivrengine.softphone.sip.wire import Wire
from ivrengine.softphone.sound.codec import Codec
from ivrengine.softswitch.settings import DEMO_PASSWORD_PREFIX

_EXPIRES_S = 300


class Exchange:
    """The telephones of ``agents``, which must have their demonstration passwords at ``server``."""

    def __init__(
        self,
        wire: Wire,
        server: Address,
        agents: Sequence[str],
        *,
        take_sound: Callable[[], Sound],
        tell: Callable[[News], None],
        habits: Habits,
        seed: int,
    ) -> None:
        self._wire = wire
        self._transactions = Transactions(wire, Timers())
        self._transactions.on_request = self._take
        self._registrations: list[Registration] = []
        chance = Random(seed)
        self._telephones: Mapping[str, Telephone] = {
            agent: Telephone(
                self._line(agent, server),
                take_sound=take_sound,
                tell=tell,
                habits=habits,
                chance=chance,
            )
            for agent in agents
        }

    async def register(self) -> None:
        """Register every telephone and keep it registered.

        Raises:
            EngineError: one was refused.
        """
        self._registrations = [
            Registration(telephone.line, expires_s=_EXPIRES_S)
            for telephone in self._telephones.values()
        ]
        try:
            async with asyncio.TaskGroup() as tasks:
                for registration in self._registrations:
                    tasks.create_task(registration.register())
        except* RegistrationRefused as refused:
            raise EngineError(f"a telephone of an agent: {refused.exceptions[0]}") from refused

    async def close(self) -> None:
        """Hang up everywhere, take the registrations back, and close the socket."""
        for telephone in self._telephones.values():
            telephone.hang_up()
        async with asyncio.TaskGroup() as tasks:
            for registration in self._registrations:
                tasks.create_task(_withdraw(registration))
        self._transactions.close()
        self._wire.close()

    def _line(self, agent: str, server: Address) -> Line:
        return Line(
            user=agent,
            display_name=agent,
            local=self._wire.address,
            server=server,
            codecs=(Codec.PCMA,),
            credentials=Credentials(user=agent, password=f"{DEMO_PASSWORD_PREFIX}{agent}"),
            transactions=self._transactions,
        )

    def _take(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        telephone = self._telephones.get(user_of(request.uri))
        if telephone is not None and telephone.call_id == request.header("Call-ID"):
            telephone.take(transaction)
        elif telephone is not None and request.method == "INVITE":
            telephone.ring(transaction)
        elif request.method in ("OPTIONS", "NOTIFY"):
            transaction.respond(response_to(request, 200, "OK", tag=new_tag()))
        elif request.method != "ACK":
            gone = response_to(request, 481, "Call/Transaction Does Not Exist", tag=new_tag())
            transaction.respond(gone)


async def _withdraw(registration: Registration) -> None:
    try:
        await registration.withdraw(within_s=1.0)
    except RegistrationRefused:
        # The system may have stopped first; then nobody is left who would call here.
        return
