"""Papers of rehearsals: what they would say, without layout, at no cost.

Owns: meeting the port `typesetter` where nobody reads the paper.
Promises: the same data give the same bytes; data that JSON cannot hold fail here as they would in the real one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class DraftTypesetter:
    """Writes the data of a paper into a file that names itself a draft."""

    def pdf(self, template: str, data: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        words = json.dumps({"template": template, "data": dict(data), "images": sorted(images)}, sort_keys=True)
        return f"%PDF-1.7\n% draft {words}\n%%EOF\n".encode()
