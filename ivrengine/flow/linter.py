"""The check of flows that are well formed: do they make sense, before any caller hears them?

Four questions are asked, each in a module of its own: does every way lead somewhere and out again
(``lint_ways``), can everything be said (``lint_speech``), does every variable have a value of the
right type where it is used (``lint_variables``), and does what a node asks for exist
(``lint_orders``).
"""

from ivrengine.flow.findings import Finding
from ivrengine.flow.lint_orders import lint_orders
from ivrengine.flow.lint_speech import lint_speech
from ivrengine.flow.lint_variables import lint_variables
from ivrengine.flow.lint_ways import lint_ways
from ivrengine.flow.model import FlowSet
from ivrengine.flow.surroundings import ActionShape, Surroundings

__all__ = ["ActionShape", "Surroundings", "lint"]


def lint(flows: FlowSet, surroundings: Surroundings | None = None) -> list[Finding]:
    """Return everything that is wrong with ``flows``, in the order of files and lines.

    Without ``surroundings`` it is not asked whether prompts, actions and queues exist.
    """
    findings = [*lint_ways(flows), *lint_variables(flows)]
    findings += lint_speech(flows, surroundings)
    findings += lint_orders(flows, surroundings)
    return sorted(set(findings))
