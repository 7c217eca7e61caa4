"""Figures of queues, agents and lines: counted as things happen, added up, and made into reports.

Counting, adding and dividing are kept apart. Folds over what happens fill *tallies*, one for each
subject and interval, of nothing but sums, so tallies of intervals add up to the tally of a day and
those of queues to that of a centre. A *report* is made of a tally when somebody asks, and has every
quotient with all its variants. ``docs/kpis.md`` gives each formula.
"""
