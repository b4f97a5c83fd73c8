// What can be done with a contact, and with a group of them, from the list.

import type { ContactGroupId, PersonView } from "../../lib/backend/bindings";
import type { Pod } from "../../lib/state/pod.svelte";
import { offerFiles } from "../../lib/transfers/offering";
import type { Action } from "../shared/MenuList.svelte";

const only = (all: (Action | false)[]): Action[] => all.filter((action) => action !== false);

export function contactActions(person: PersonView, group: ContactGroupId | null, pod: Pod): Action[] {
  const { t } = pod.words;
  const { contacts } = pod;
  const { account, contact } = person;
  const run = (work: () => Promise<unknown>) => () => void pod.attempt(work);
  const others = contacts.groups.filter((one) => one.id !== group && !one.members.includes(account));
  return only([
    { text: t("person.profile"), icon: "user", testid: "contact-profile", act: () => (pod.dialog = { kind: "person", account }) },
    { text: t("offer.send"), icon: "send", testid: "contact-offer", act: () => void offerFiles(pod, { account, name: contacts.nameOf(person) }) },
    { text: t(contact?.favourite ? "contacts.unfavourite" : "contacts.favourite"), icon: contact?.favourite ? "star-off" : "star", testid: "contact-favourite", act: run(() => contacts.mark(account, { favourite: !contact?.favourite })) },
    { text: t(contact?.muted ? "contacts.unmute" : "contacts.mute"), icon: contact?.muted ? "bell" : "bell-off", testid: "contact-mute", act: run(() => contacts.mark(account, { muted: !contact?.muted })) },
    ...others.map((one): Action => ({ text: t("contacts.move_to", { group: one.name }), icon: "move", testid: `contact-move-${one.id}`, act: run(() => contacts.put(account, group, { group: one.id, before: null })) })),
    group !== null && { text: t("contacts.take_out"), icon: "x", testid: "contact-take", act: run(() => contacts.put(account, group, { group: null, before: null })) },
    { text: t("contacts.remove"), icon: "user-x", testid: "contact-remove", danger: true, act: run(() => contacts.remove(account)) },
  ]);
}

export function groupActions(id: ContactGroupId, pod: Pod): Action[] {
  const { t } = pod.words;
  const { contacts } = pod;
  const ids = contacts.groups.map((one) => one.id);
  const at = ids.indexOf(id);
  const name = contacts.groups[at]?.name ?? "";
  const order = (before: ContactGroupId | null) => () => void pod.attempt(() => contacts.order(id, before));
  return only([
    { text: t("contacts.rename_group"), icon: "pencil", testid: "group-rename", act: () => (pod.dialog = { kind: "group", group: id, name }) },
    at > 0 && { text: t("rooms.up"), icon: "up", testid: "group-up", act: order(ids[at - 1] ?? null) },
    at >= 0 && at < ids.length - 1 && { text: t("rooms.down"), icon: "down", testid: "group-down", act: order(ids[at + 2] ?? null) },
    { text: t("contacts.delete_group"), icon: "trash", testid: "group-delete", danger: true, act: () => void pod.attempt(() => contacts.delete(id)) },
  ]);
}
