/* The vocabulary of Jalon for the reader and writer of diagrams. Rule: docs/diagrams.md, section 2; engine/bpmn/extensions.py reads it. */

const attribute = (name: string) => ({ name, isAttr: true, type: "String" });
const on = (name: string, types: string[], ...names: string[]) => ({
  name, extends: types.map((type) => `bpmn:${type}`), properties: names.map(attribute),
});
const child = (name: string, ...names: string[]) => ({ name, superClass: ["Element"], properties: names.map(attribute) });

export const jalon = {
  name: "Jalon", uri: "urn:jalon:bpmn:1", prefix: "jalon", xml: { tagAlias: "lowerCase" },
  types: [
    on("Named", ["FlowNode", "Lane", "SequenceFlow", "Participant", "Process", "Message"], "nameEn"),
    on("Staged", ["FlowNode"], "milestone"),
    on("Personal", ["UserTask", "ManualTask"], "groups", "assignee", "due", "followUp", "priority", "subject", "notWhoDid"),
    on("Asking", ["UserTask"], "form"),
    on("Keeping", ["UserTask", "BusinessRuleTask", "ScriptTask", "StartEvent"], "result"),
    on("Handled", ["ServiceTask", "SendTask"], "handler", "retries"),
    on("Decided", ["BusinessRuleTask"], "decision"),
    on("Correlated", ["Message", "MessageEventDefinition", "SendTask", "ReceiveTask", "Event"], "correlation"),
    on("Repeated", ["MultiInstanceLoopCharacteristics"], "collection", "item", "collect", "collectValue"),
    on("Inhabited", ["Lane"], "group"),
    on("Begun", ["Process"], "startForm", "title"),
    child("Milestone", "id", "name", "nameEn"),
    child("Input", "name", "value"),
    child("Output", "name", "value"),
  ],
};
