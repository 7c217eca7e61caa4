"""How many lines, agents and engine nodes a load needs, and what load a given number of them bears.

Erlang's formulas (`acd.erlang`) know one resource at a time. Here they are chained as a call goes:
its time in menus, its wait and its talk hold a line; its talk and what is done after it hold an
agent; its coming and its lasting cost processor time. ``docs/capacity.md`` gives the formulas.
"""
