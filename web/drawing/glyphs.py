"""The small signs inside shapes: what kind of task, event or gateway, and how often an activity runs.

Owns: their paths, each around the point (0, 0).
Leaves: which sign an element gets to `shapes`.
Rule: BPMN 2.0.2, 10.3 (activities), 10.5 (events), 10.6 (gateways).
"""

from __future__ import annotations

_ENVELOPE = "M-6-4.500h12v9h-12zl6 5 6-5"
_GEAR = ('<circle r="2.100"/><circle r="4.300"/><path d="M0-6.300v2M0 4.300v2M-6.300 0h2M4.300 0h2'
         'M-4.450-4.450l1.400 1.400M3.050 3.050l1.400 1.400M-4.450 4.450l1.400-1.400M3.050-3.050l1.400-1.400"/>')
#: by the tag of the activity; sign at its upper left
TASKS = {
    "userTask": '<circle cy="-2.800" r="2.700"/><path d="M-5.200 5.700c.4-3.200 2.500-4.600 5.200-4.600s4.800 1.400 5.200 4.600z"/>',
    "manualTask": '<path d="M-6-.500l3.500-3.500h4l-1.500 2h5v2h-5M0 0h4.500v2h-4.500M0 2h3.500v2h-6l-3.500-1.500z"/>',
    "serviceTask": _GEAR,
    "sendTask": f'<path class="solid" d="{_ENVELOPE}"/>',
    "receiveTask": f'<path d="{_ENVELOPE}"/>',
    "scriptTask": '<path d="M-3-6h8c-3 4-3 4 0 6s3 3.500 0 6h-8c3-2.500 3-4 0-6s-3-2 0-6zM-2-3h4M-1 0h4M0 3h4"/>',
    "businessRuleTask": '<path d="M-6-5h12v10h-12zM-6-2h12M-6 1.500h12M-2-2v7"/>',
}
#: by the kind of event; `solid` when it throws
EVENTS = {
    "message": '<path d="M-8-5.500h16v11h-16zl8 6.500 8-6.500"/>',
    "timer": '<circle r="8.500"/><path d="M0-5.500v5.500l3.800 2.200M0-8.500v1.500M0 7v1.500M-8.500 0h1.500M7 0h1.500"/>',
    "error": '<path d="M-7 7l3.500-10.500 5 6 5.500-9.500-3.500 12-5-6.500z"/>',
    "escalation": '<path d="M0-8l6 15-6-6.500-6 6.500z"/>',
    "signal": '<path d="M0-8l8 13.500h-16z"/>',
    "conditional": '<path d="M-6-8h12v16h-12zM-4-5h8M-4-1.700h8M-4 1.700h8M-4 5h8"/>',
    "link": '<path d="M-8-3h9v-4l7 7-7 7v-4h-9z"/>',
    "compensate": '<path d="M-8 0l7.500-5.500v11zM-.500 0l7.500-5.500v11z"/>',
    "cancel": '<path d="M-7-4.500l2.500-2.500 4.500 4.500 4.500-4.500 2.500 2.500-4.500 4.500'
              ' 4.500 4.500-2.500 2.500-4.500-4.500-4.500 4.500-2.500-2.500 4.500-4.500z"/>',
    "terminate": '<circle class="solid" r="9.500"/>',
    "multiple": '<path d="M0-8.500l8 6-3 9h-10l-3-9z"/>',
    "parallel": '<path d="M-2.200-8h4.400v5.800h5.800v4.400h-5.800v5.800h-4.400v-5.800h-5.800v-4.400h5.800z"/>',
}
GATEWAYS = {
    "exclusiveGateway": '<path class="bold" d="M-6-6l12 12M6-6l-12 12"/>',
    "parallelGateway": '<path class="bold" d="M0-9v18M-9 0h18"/>',
    "inclusiveGateway": '<circle class="bold" r="8"/>',
    "complexGateway": '<path class="bold" d="M0-9v18M-9 0h18M-6.300-6.300l12.600 12.600M6.300-6.300l-12.600 12.600"/>',
    "eventBasedGateway": '<circle r="12"/><circle r="9.500"/><path d="M0-6.500l6.200 4.600-2.400 7.200h-7.600l-2.400-7.200z"/>',
}
#: at the foot of an activity
LOOPS = {
    "parallel": '<path class="bold" d="M-4-5v10M0-5v10M4-5v10"/>',
    "sequential": '<path class="bold" d="M-5-4h10M-5 0h10M-5 4h10"/>',
    "standard": '<path d="M2.500 4.800a5.500 5.500 0 1 0-5-.1M-2.500 4.700l-3.400.2M-2.500 4.700l-.4-3.500"/>',
}
INSIDE = '<path d="M-6.500-6.500h13v13h-13zM0-4v8M-4 0h8"/>'
AD_HOC = '<path class="bold" d="M-6 1.500c2-4.500 4-4.500 6-1.500s4 3 6-1.500"/>'
COMPENSATION = '<path d="M-7 0l6.500-4.500v9zM-.500 0l6.500-4.500v9z"/>'
