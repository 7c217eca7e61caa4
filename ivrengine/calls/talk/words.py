"""What an agent in a conversation is told, alone and in the midst of whatever the agent hears."""

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.patience import attempt
from ivrengine.calls.talk.third import Partner
from ivrengine.errors import LegGone
from ivrengine.flow.effects import Prompt
from ivrengine.values import AgentNumber, Language, PromptId

log = structlog.get_logger(__name__)


def language_of(parts: CallParts, agent: AgentNumber) -> Language:
    """Return the language in which an agent is spoken to."""
    settings = parts.roster().agents.get(agent)
    return Language(settings.language) if settings else Language.MANDARIN


async def tell(context: CallContext, parts: CallParts, partner: Partner, prompt: PromptId) -> None:
    """Say something to ``partner``; whoever is no agent hears nothing, and who is gone neither."""
    language = language_of(parts, partner.agent)
    if partner.is_outside or not parts.media.has(prompt, language):
        return
    media = parts.media.sounds([Prompt(id=prompt)], language)
    try:
        await attempt(parts.switch.play, partner.leg, context.ids.playback(), media.uris)
    except LegGone:
        log.info("agent_gone_before_word", agent=partner.agent)
