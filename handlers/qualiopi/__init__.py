"""The rules of the Qualiopi scheme as pure functions, one a rule, each citing its source (`docs/scheme.md` holds the facts).

Durations, prices, applicable indicators and gravities are data of the process owner and come from decision tables; what stands here is
what the law or the nature of a number fixes. What no source confirms is marked `to_validate` where people see it.
"""
