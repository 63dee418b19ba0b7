/* Who does it, and who must not. */
import type { Drawn } from "../drawing";
import { kind } from "../drawing";
import { feel } from "../feel/field";
import { choose, tick } from "../fields";
import { say } from "../words";
import { get, laneOf, listed, nameIn, nameOf, PERSON, put, type Asked, type Question } from "./asked";

export function who(asked: Asked): Question {
  const { meaning, words } = asked;
  const groups = get(meaning, "groups").split(",").map((one) => one.trim()).filter(Boolean);
  const lane = laneOf(asked);
  const usual = lane ? nameIn(words.groups, get(lane, "group")) : "";
  const assignee = get(meaning, "assignee");
  return { key: "who", title: say("Qui le fait ?", "Who does it?"),
    answer: listed([groups.length ? groups.map((one) => nameIn(words.groups, one)).join(", ") : usual, assignee && say(`de préférence ${assignee}`, `preferably ${assignee}`)]) || say("Personne encore", "Nobody yet"),
    body: [
      tick(say("Groupes", "Groups"), words.groups, groups, (values) => put(asked, "groups")(values.join(",")), { key: "groups",
        hint: usual ? say(`Sans choix : ${usual}, comme le couloir.`, `Without a choice: ${usual}, as the lane says.`) : undefined }),
      feel(say("De préférence cette personne", "Preferably this person"), assignee, words, put(asked, "assignee"), { key: "assignee",
        hint: say("Une variable qui tient une personne, par exemple auditor_id. Vide : n’importe qui du groupe.", "A variable that holds a person, such as auditor_id. Empty: anybody of the group.") }),
    ] };
}

/** Separation of duties: tasks by name, those drawn here first. */
export function never(asked: Asked): Question {
  const { meaning, words, drawing } = asked;
  const values = get(meaning, "notWhoDid").split(/\s+/).filter(Boolean);
  const here = drawing.registry.filter((one: Drawn) => PERSON.has(kind(one.businessObject)) && !one.labelTarget && one.businessObject !== meaning)
    .map((one: Drawn) => ({ id: one.id as string, name: nameOf(words, one.businessObject) }));
  const known = new Set(here.map((one: { id: string }) => one.id));
  const elsewhere = words.activities.filter((one) => one.id !== meaning.id && !known.has(one.id) && !drawing.registry.get(one.id))
    .map((one) => ({ ...one, name: `${one.name} (${say("autre diagramme", "another diagram")})` }));
  const choices = [...here, ...elsewhere];
  return { key: "never", title: say("Jamais la personne de… ?", "Never the person of…?"),
    answer: values.map((one) => say(`« ${nameIn(choices, one)} »`, `“${nameIn(choices, one)}”`)).join(", ") || say("Aucune exclusion", "No exclusion"),
    body: [tick(say("Qui a fait l’une de ces tâches ne fait pas celle-ci", "Whoever did one of these does not do this one"), choices, values,
      (chosen) => put(asked, "notWhoDid")(chosen.join(" ")), { key: "notWhoDid" })] };
}

/** Of a lane. */
export function inhabitants(asked: Asked): Question {
  const group = get(asked.meaning, "group");
  return { key: "people", title: say("Qui travaille ici ?", "Who works here?"), answer: nameIn(asked.words.groups, group) || say("Personne encore", "Nobody yet"),
    body: [choose(say("Groupe", "Group"), asked.words.groups, group, say("Aucun groupe", "No group"), put(asked, "group"), { key: "group",
      hint: say("Les tâches du couloir vont à ce groupe, sauf celles qui en nomment un autre.", "Tasks of the lane go to this group, but for those that name another.") })] };
}
