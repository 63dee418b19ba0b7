/* What an element is, in words. */
import { kind, type Meaning } from "./drawing";
import { say } from "./words";

const KINDS: Record<string, [string, string]> = {
  UserTask: ["Tâche d’une personne", "Task of a person"], ManualTask: ["Tâche manuelle", "Manual task"], Task: ["Tâche à préciser", "Task to be made precise"],
  ServiceTask: ["Étape automatique", "Automatic step"], SendTask: ["Envoi", "Sending"], ReceiveTask: ["Attente d’un message", "Wait for a message"],
  ScriptTask: ["Calcul", "Calculation"], BusinessRuleTask: ["Décision par une table", "Decision by a table"], CallActivity: ["Appel d’un processus", "Call of a process"],
  SubProcess: ["Sous-processus", "Sub-process"], AdHocSubProcess: ["Sous-processus ad hoc", "Ad-hoc sub-process"], Transaction: ["Transaction", "Transaction"],
  StartEvent: ["Début", "Start"], EndEvent: ["Fin", "End"], BoundaryEvent: ["Événement au bord", "Event on the edge"],
  IntermediateCatchEvent: ["Attente", "Wait"], IntermediateThrowEvent: ["Émission", "Event"], ExclusiveGateway: ["Une seule voie", "One way only"],
  InclusiveGateway: ["Une ou plusieurs voies", "One or several ways"], ParallelGateway: ["Toutes les voies à la fois", "All ways at once"],
  EventBasedGateway: ["Le premier événement décide", "The first event decides"], ComplexGateway: ["Passerelle complexe", "Complex gateway"],
  SequenceFlow: ["Flèche", "Arrow"], Lane: ["Couloir", "Lane"], Participant: ["Participant", "Participant"], Process: ["Processus", "Process"],
  Collaboration: ["Processus", "Process"], TextAnnotation: ["Note", "Note"], Association: ["Lien", "Link"], MessageFlow: ["Échange", "Exchange"],
  Group: ["Cadre", "Frame"], DataObjectReference: ["Donnée", "Data"], DataStoreReference: ["Dépôt de données", "Data store"],
};
const EVENTS: Record<string, [string, string]> = {
  Timer: ["minuteur", "timer"], Message: ["message", "message"], Signal: ["signal", "signal"], Error: ["erreur", "error"], Escalation: ["escalade", "escalation"],
  Conditional: ["condition", "condition"], Link: ["lien", "link"], Compensate: ["compensation", "compensation"], Terminate: ["tout s’arrête", "everything stops"], Cancel: ["annulation", "cancellation"],
};

/** What an element is, and of an event what it waits for or tells. */
export function kindName(meaning: Meaning): string {
  const found = KINDS[kind(meaning)];
  const name = found ? say(...found) : kind(meaning);
  const event = EVENTS[String(meaning.eventDefinitions?.[0]?.$type ?? "").replace(/^bpmn:|EventDefinition$/g, "")];
  return event ? `${name}, ${say(...event)}` : name;
}

/** The name of the whole where nothing is chosen. */
export function isWhole(meaning: Meaning): boolean {
  return meaning.$type === "bpmn:Collaboration" || meaning.$type === "bpmn:Process";
}
