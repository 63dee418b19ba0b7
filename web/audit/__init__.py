"""The audit, one indicator at a time.

`sheet` is what an auditor has written so far, as data of the task's form; `grid` what a page shows of it; `pages` the addresses; `brief`
an audit in a few figures for the inbox.
"""
