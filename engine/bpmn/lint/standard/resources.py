"""Who does it, as the standard writes it: resources, their parameters, and expressions.

Owns: rules about resource roles (performer, potential owner).
Leaves: groups, lanes and assignees, by which tasks are given out here, to `lint.people`.
Rule: BPMN 2.0.2, 8.4.12 and 10.3.1, tables 10.5 to 10.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import child
from engine.problems import Problem
from engine.texts import Text

_ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")


@standard
def roles_are_named_or_reckoned(look: Look) -> Iterator[Problem]:
    """A role names a resource, or reckons it by an expression; not both. Rule: 10.3.1, table 10.5, resourceAssignmentExpression."""
    for file, node in look.drawn(*_ROLES):
        if child(node, "resourceRef") is not None and child(node, "resourceAssignmentExpression") is not None:
            yield look.fault(file, node, "resource.two_ways",
                             Text("« {element} » nomme une ressource et la calcule : l’un serait ignoré.",
                                  "“{element}” names a resource and reckons it: one would be ignored."),
                             Text("Gardez resourceRef ou resourceAssignmentExpression.",
                                  "Keep resourceRef or resourceAssignmentExpression."))


@standard
def parameters_belong_to_a_resource(look: Look) -> Iterator[Problem]:
    """Parameters are bound where a resource is named. Rule: 10.3.1, table 10.5, resourceParameterBindings."""
    for file, node in look.drawn(*_ROLES):
        if child(node, "resourceParameterBinding") is not None and child(node, "resourceRef") is None:
            yield look.fault(file, node, "resource.parameters_alone",
                             Text("« {element} » lie des paramètres sans nommer de ressource.",
                                  "“{element}” binds parameters without naming a resource."),
                             Text("Nommez la ressource (resourceRef), ou retirez les paramètres.",
                                  "Name the resource (resourceRef), or remove the parameters."))
