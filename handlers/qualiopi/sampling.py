"""How many sites of an organisation an audit visits.

Rule: square root of the number of sites, to the nearest integer (qualiopi.md, 4.4). Whether the head office counts among the sites is not
confirmed: `head_office_matters` says when it would change the sample, so that a person decides.
"""

from __future__ import annotations

from math import isqrt


def sample_size(sites: int) -> int:
    """Tell how many of so many sites are in the sample of an initial or renewal audit; none of a single one, which is the head office.

    Raises: ValueError for fewer than one.
    """
    if sites < 1:
        raise ValueError(f"an organisation has at least one site, not {sites}")
    return 0 if sites == 1 else _nearest_root(sites)


def head_office_matters(sites: int) -> bool:
    """Tell whether leaving the head office out of the count gives another sample."""
    return sites > 2 and sample_size(sites) != _nearest_root(sites - 1)


def _nearest_root(number: int) -> int:
    root = isqrt(number)
    return root + (number - root * root > root)             # √n ≥ root + ½ exactly when n > root² + root
