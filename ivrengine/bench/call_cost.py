"""What a call costs a node, as measured: what plans of capacity are reckoned with.

To be taken anew after a change that makes calls dearer or cheaper: hold calls up in two ways that
differ in how long they last, take the processor time of the engine and of the softswitch, less
what they take without calls, and solve for a call's coming and its lasting.
"""

from acd.capacity.nodes import CallCost, ProcessCost

MEASURED = CallCost(
    engine=ProcessCost(core_s_per_call=0.025, core_s_per_call_s=0.00076),
    switch=ProcessCost(core_s_per_call=0.009, core_s_per_call_s=0.0035),
    measured_on="2026-11-22",
    how="36 calls for quotes at once, G.711, nine keys each, two shared cores",
)
