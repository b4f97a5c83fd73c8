// Contacts of the in-memory backend: who stands how, and the groups they are in.

import type { AccountId, Answer, Command, ContactGroupId, ContactStanding, ContactView, PersonView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { cardOf } from "./people";
import { newId, people } from "./world";

type Group = { id: ContactGroupId; name: string; members: AccountId[] };
type Kept = { people: Map<AccountId, ContactView>; groups: Group[] };
const worlds = new WeakMap<FakeWorld, Kept>();
const nothing: ContactView = { standing: "none", blocked: false, favourite: false, muted: false, nickname: "", text: "", places: [], waiting: false };

function kept(world: FakeWorld): Kept {
  const known = worlds.get(world) ?? { people: new Map<AccountId, ContactView>(), groups: [] };
  worlds.set(world, known);
  return known;
}

export const contactOf = (world: FakeWorld, account: AccountId): ContactView | null => {
  const held = kept(world).people.get(account);
  return held && (held.standing !== "none" || held.blocked) ? held : null;
};

/** As on the screens of the design: a group of people and somebody who asks. */
export function fillContacts(world: FakeWorld): void {
  for (const account of ["a-aiko", "a-tomas", "a-jonas", "a-seoyeon"]) keep(world, account, { standing: "contact" });
  keep(world, "a-priya", { standing: "asks", text: "We met at the fair" });
  kept(world).groups = [
    { id: "g-studio", name: "Studio team", members: ["a-aiko", "a-tomas", "a-jonas"] },
    { id: "g-family", name: "Family", members: [] },
  ];
}

/** How somebody stands, whatever the person wants. */
export function keep(world: FakeWorld, account: AccountId, change: Partial<ContactView>): Answer {
  const { people: all } = kept(world);
  all.set(account, { ...(all.get(account) ?? nothing), ...change });
  return world.told({ event: "contacts", people: [account], groups: true });
}

const answers: Record<"accept" | "decline" | "ignore", ContactStanding> = { accept: "contact", decline: "none", ignore: "ignored" };

export function answerContacts(world: FakeWorld, command: Command): Answer | null {
  const all = kept(world);
  switch (command.do) {
    case "contacts": {
      const known: PersonView[] = people.filter((one) => contactOf(world, one.account)).map((one) => cardOf(world, one.account));
      return { is: "contacts", value: known };
    }
    case "contact_groups": return { is: "contact_groups", value: { groups: structuredClone(all.groups), waiting: 0 } };
    case "contact_ask": {
      const asks = ["asks", "ignored"].includes(all.people.get(command.account)?.standing ?? "");
      return keep(world, command.account, { standing: asks ? "contact" : "asked", text: asks ? "" : command.text });
    }
    case "contact_answer": return keep(world, command.account, { standing: answers[command.how], text: "" });
    case "contact_remove":
      for (const group of all.groups) group.members = group.members.filter((one) => one !== command.account);
      return keep(world, command.account, nothing);
    case "contact_block": return keep(world, command.account, { blocked: command.blocked });
    case "contact_mark": {
      const held = all.people.get(command.account) ?? nothing;
      const { nickname, favourite, muted } = command;
      return keep(world, command.account, { nickname: nickname ?? held.nickname, favourite: favourite ?? held.favourite, muted: muted ?? held.muted });
    }
    case "contact_place": {
      take(all, command.account, command.from);
      const members = take(all, command.account, command.group);
      const at = command.before === null ? -1 : members.indexOf(command.before);
      members.splice(at < 0 ? members.length : at, 0, command.account);
      return world.told({ event: "contacts", people: [], groups: true });
    }
    case "contact_unplace":
      take(all, command.account, command.group);
      return world.told({ event: "contacts", people: [], groups: true });
    case "contact_group_create": {
      const id = newId("g");
      all.groups.push({ id, name: command.name, members: [] });
      world.told({ event: "contacts", people: [], groups: true });
      return { is: "contact_group_id", value: id };
    }
    case "contact_group_rename": groupOf(all, command.group).name = command.name; return world.told({ event: "contacts", people: [], groups: true });
    case "contact_group_delete":
      all.groups = all.groups.filter((group) => group.id !== command.group);
      return world.told({ event: "contacts", people: [], groups: true });
    case "contact_group_move": {
      const moved = groupOf(all, command.group);
      const rest = all.groups.filter((group) => group !== moved);
      const at = rest.findIndex((group) => group.id === command.before);
      rest.splice(at < 0 ? rest.length : at, 0, moved);
      all.groups = rest;
      return world.told({ event: "contacts", people: [], groups: true });
    }
    default: return null;
  }
}

function groupOf(all: Kept, id: ContactGroupId): Group {
  const found = all.groups.find((group) => group.id === id);
  if (!found) throw refused("not_found");
  return found;
}

/** Takes somebody out of a group, and gives who is left in it. */
function take(all: Kept, account: AccountId, id: ContactGroupId | null): AccountId[] {
  if (id === null) return [];
  const group = groupOf(all, id);
  group.members = group.members.filter((one) => one !== account);
  return group.members;
}
