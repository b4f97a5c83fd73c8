// Contacts as a person sorts them: who asks, the groups in their order, who is in none, and people found on the server.

import type { AccountId, ContactAnswer, ContactGroupId, ContactGroupView, Person, PersonView } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import { Refused } from "../backend/backend";
import type { Backend } from "../backend/backend";
import type { Words } from "../i18n/i18n.svelte";
import type { People } from "./people.svelte";
import type { Rooms } from "./rooms.svelte";

/** One group and who of it is to be shown; without an id those who are in none. */
export type ContactSection = { id: ContactGroupId | null; name: string; all: PersonView[]; shown: PersonView[] };

/** Where somebody is put: a group, or none, and before whom; nothing: at the end. */
export type ContactSpot = { group: ContactGroupId | null; before: AccountId | null };

export class Contacts {
  people = $state.raw<PersonView[]>([]);
  groups = $state.raw<ContactGroupView[]>([]);
  folded = $state.raw<ReadonlySet<string>>(new Set());
  #there = $state.raw<Person[]>([]);

  /** People of the server who fit the filter and are nothing to this person yet: who is asked is above them at once. */
  found = $derived.by(() => {
    const known = new Set(this.people.filter(({ contact }) => contact !== null && contact.standing !== "declined").map((person) => person.account));
    return this.#there.filter((person) => !known.has(person.account)).slice(0, 8);
  });

  /** Who waits for an answer. */
  asking = $derived(this.people.filter(({ contact }) => contact?.standing === "asks" && !contact.blocked));
  /** Whom this person blocked. */
  get blocked(): ReadonlySet<AccountId> {
    return this.#rooms.blocked;
  }

  kept = $derived(this.people.filter(({ contact }) => (contact?.standing === "contact" || contact?.standing === "asked") && !contact.blocked));
  sections = $derived.by((): ContactSection[] => {
    const kept = new Map(this.kept.map((person) => [person.account, person]));
    const placed = new Set(this.groups.flatMap((group) => group.members));
    const groups = this.groups.map(({ id, name, members }) => this.#section(id, name, members.flatMap((account) => kept.get(account) ?? [])));
    const rest = this.kept.filter((person) => !placed.has(person.account));
    // Favourites stand above the others where no order was made.
    const sorted = rest.toSorted((a, b) => Number(b.contact?.favourite) - Number(a.contact?.favourite));
    return [...groups, this.#section(null, this.#words.t("contacts.title"), sorted)];
  });

  /** Nobody here and nobody on the server fits the filter. */
  nothing = $derived(this.found.length === 0 && this.sections.every((section) => section.shown.length === 0));

  #backend: Backend;
  #words: Words;
  #rooms: Rooms;
  #people: People;
  #asked = 0;

  constructor(backend: Backend, words: Words, rooms: Rooms, people: People) {
    this.#backend = backend;
    this.#words = words;
    this.#rooms = rooms;
    this.#people = people;
  }

  async load(): Promise<void> {
    const [people, { groups }] = await Promise.all([
      ask(this.#backend, "contacts", { do: "contacts" }),
      ask(this.#backend, "contact_groups", { do: "contact_groups" }),
    ]);
    for (const person of people) this.#people.put(person.account, person.presence);
    this.groups = groups;
    this.#take(people);
  }

  /** Some changed: only those are asked for anew. Nothing: everybody. */
  async changed(accounts: AccountId[] | null, groups: boolean): Promise<void> {
    if (accounts === null) return this.load();
    const cards = accounts.map((account) => ask(this.#backend, "person", { do: "person", account }).catch(missing));
    const sorted = groups ? ask(this.#backend, "contact_groups", { do: "contact_groups" }) : null;
    const [people, said] = [await Promise.all(cards), await sorted];
    for (const person of people) if (person) this.#people.put(person.account, person.presence);
    const changed = new Set(accounts);
    const known = (person: PersonView | null): person is PersonView => person !== null && (person.contact !== null || person.rooms.length > 0 || person.talk !== null);
    this.#take([...this.people.filter((person) => !changed.has(person.account)), ...people.filter(known)].toSorted(byName));
    if (said !== null) this.groups = said.groups;
  }

  clear(): void {
    [this.groups, this.#there] = [[], []];
    this.#take([]);
  }

  #take(people: PersonView[]): void {
    this.people = people;
    this.#rooms.blocked = new Set(people.filter(({ contact }) => contact?.blocked).map((person) => person.account));
  }

  /** What a person is called here. */
  nameOf = (person: PersonView) => person.contact?.nickname || person.display_name;

  there = (people: PersonView[]) => people.filter((person) => !["offline", "unknown"].includes(this.#people.dot(person.account, person.presence))).length;

  fold(id: ContactGroupId | null): void {
    const folded = new Set(this.folded);
    if (!folded.delete(id ?? "")) folded.add(id ?? "");
    this.folded = folded;
  }

  /** Looks on the server for people who are no contacts yet. */
  async find(text: string): Promise<void> {
    const mine = ++this.#asked;
    const wanted = text.trim();
    const found = wanted === "" ? [] : await this.#rooms.search(wanted).catch(() => []);
    if (mine !== this.#asked) return;
    this.#there = found;
  }

  ask = (account: AccountId, text = "") => tell(this.#backend, { do: "contact_ask", account, text });
  answer = (account: AccountId, how: ContactAnswer) => tell(this.#backend, { do: "contact_answer", account, how });
  remove = (account: AccountId) => tell(this.#backend, { do: "contact_remove", account });
  block = (account: AccountId, blocked: boolean) => tell(this.#backend, { do: "contact_block", account, blocked });
  mark = (account: AccountId, mark: { nickname?: string; favourite?: boolean; muted?: boolean }) =>
    tell(this.#backend, { do: "contact_mark", account, nickname: mark.nickname ?? null, favourite: mark.favourite ?? null, muted: mark.muted ?? null });
  create = (name: string) => ask(this.#backend, "contact_group_id", { do: "contact_group_create", name });
  rename = (group: ContactGroupId, name: string) => tell(this.#backend, { do: "contact_group_rename", group, name });
  delete = (group: ContactGroupId) => tell(this.#backend, { do: "contact_group_delete", group });
  order = (group: ContactGroupId, before: ContactGroupId | null) => tell(this.#backend, { do: "contact_group_move", group, before });

  /** Puts a contact somewhere, out of where they were; who is none yet is asked. */
  async put(account: AccountId, from: ContactGroupId | null, { group, before }: ContactSpot): Promise<void> {
    if (!this.kept.some((person) => person.account === account)) await this.ask(account);
    if (group !== null) await tell(this.#backend, { do: "contact_place", account, group, before: before === account ? null : before, from });
    else if (from !== null) await tell(this.#backend, { do: "contact_unplace", account, group: from });
  }

  #section(id: ContactGroupId | null, name: string, all: PersonView[]): ContactSection {
    const wanted = this.#rooms.filter.trim().toLocaleLowerCase();
    const texts = (person: PersonView) => [this.nameOf(person), person.display_name, person.name, ...Object.values(person.profile)];
    const fits = (person: PersonView) => texts(person).some((one) => one.toLocaleLowerCase().includes(wanted));
    return { id, name, all, shown: wanted === "" ? all : all.filter(fits) };
  }
}

/** As the pod sorts them. */
function byName(a: PersonView, b: PersonView): number {
  const [one, other] = [a.display_name.toLowerCase(), b.display_name.toLowerCase()];
  if (one !== other) return one < other ? -1 : 1;
  return a.name === b.name ? (a.account < b.account ? -1 : 1) : a.name < b.name ? -1 : 1;
}

/** Nothing is kept of them any more. */
function missing(thrown: unknown): null {
  if (Refused.from(thrown).view.code === "not_found") return null;
  throw thrown;
}
