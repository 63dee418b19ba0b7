/*
 * The rules of style of bpmnlint that are told here, each in our words. What the server checks already is left out: two voices on one
 * fault help nobody. So is `fake-join`: a way that leads back to a task is how rounds are drawn here. These are habits that make a drawing easy to read; breaking one never stops anything.
 */
import labelRequired from "bpmnlint/rules/label-required";
import noDuplicateSequenceFlows from "bpmnlint/rules/no-duplicate-sequence-flows";
import noGatewayJoinFork from "bpmnlint/rules/no-gateway-join-fork";
import noImplicitEnd from "bpmnlint/rules/no-implicit-end";
import noImplicitSplit from "bpmnlint/rules/no-implicit-split";
import noImplicitStart from "bpmnlint/rules/no-implicit-start";
import noOverlappingElements from "bpmnlint/rules/no-overlapping-elements";
import singleBlankStartEvent from "bpmnlint/rules/single-blank-start-event";
import superfluousLabel from "bpmnlint/rules/superfluous-label";
import superfluousTermination from "bpmnlint/rules/superfluous-termination";
import { say } from "../words";

/** A rule with what it says and what to do. */
export interface Style { rule: unknown; message: () => string; remedy: () => string }

export const STYLES: Record<string, Style> = {
  "label-required": { rule: labelRequired, message: () => say("Rien ne dit ce que c’est.", "Nothing says what this is."),
    remedy: () => say("Nommez-le : un verbe pour une tâche, une question pour une passerelle, un fait pour un événement.", "Name it: a verb for a task, a question for a gateway, a fact for an event.") },
  "no-gateway-join-fork": { rule: noGatewayJoinFork, message: () => say("Cette passerelle rejoint des voies et en ouvre d’autres à la fois.", "This gateway joins ways and opens others at once."),
    remedy: () => say("Dessinez deux passerelles : l’une rejoint, l’autre ouvre.", "Draw two gateways: one joins, one opens.") },
  "no-implicit-split": { rule: noImplicitSplit, message: () => say("Plusieurs flèches partent d’ici sans passerelle : toutes sont prises.", "Several arrows leave here without a gateway: all are taken."),
    remedy: () => say("Ajoutez une passerelle qui dit lesquelles.", "Add a gateway that says which.") },
  "no-implicit-start": { rule: noImplicitStart, message: () => say("Le processus commence ici sans événement de début.", "The process begins here without a start event."),
    remedy: () => say("Posez un début avant.", "Put a start before it.") },
  "no-implicit-end": { rule: noImplicitEnd, message: () => say("Le chemin s’arrête ici sans événement de fin.", "The way stops here without an end event."),
    remedy: () => say("Posez une fin qui dit ce qui est atteint.", "Put an end that says what is reached.") },
  "no-overlapping-elements": { rule: noOverlappingElements, message: () => say("Cet élément en recouvre un autre, ou sort de son cadre.", "This element covers another, or leaves its frame."),
    remedy: () => say("Écartez-les.", "Move them apart.") },
  "no-duplicate-sequence-flows": { rule: noDuplicateSequenceFlows, message: () => say("Deux flèches relient les mêmes éléments sous la même condition.", "Two arrows connect the same elements under the same condition."),
    remedy: () => say("Supprimez l’une des deux.", "Delete one of them.") },
  "single-blank-start-event": { rule: singleBlankStartEvent, message: () => say("Plusieurs débuts sans déclencheur : lequel est le bon ne se voit pas.", "Several starts without a trigger: which one counts cannot be seen."),
    remedy: () => say("Gardez-en un, et décidez ensuite par une passerelle.", "Keep one, and decide afterwards by a gateway.") },
  "superfluous-label": { rule: superfluousLabel, message: () => say("Cette flèche porte un texte alors qu’elle est seule : il ne dit rien de plus.", "This arrow carries a text although it is the only one: it says nothing more."),
    remedy: () => say("Effacez le texte, ou mettez-le dans le nom de l’étape.", "Clear the text, or put it into the name of the step.") },
  "superfluous-termination": { rule: superfluousTermination, message: () => say("Cette fin arrête tout alors que rien d’autre ne court.", "This end stops everything although nothing else runs."),
    remedy: () => say("Une fin simple suffit.", "A plain end is enough.") },
};
