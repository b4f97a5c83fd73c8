// The people of the in-memory backend: how they are, links into rooms, and what a person keeps about rooms.

import type { AccountId, Answer, Command, NotifyWish, PersonView, ProfileFields, RoomId, RoomLinkView, SignInView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { contactOf } from "./contacts";
import { ME, makeRoom, member, newId, person, presenceOf, presences } from "./world";

const links = new WeakMap<FakeWorld, Map<RoomId, RoomLinkView[]>>();
const DAY = 86_400_000;
const computers = new WeakMap<FakeWorld, SignInView[]>();

function computersOf(world: FakeWorld): SignInView[] {
  const now = Date.now();
  return computers.get(world) ?? [
    { device: "d-desk", label: "mina-desk", since: now - 40 * DAY, seen: now, current: true },
    { device: "d-laptop", label: "Mina’s laptop", since: now - 12 * DAY, seen: now - 2 * DAY, current: false },
  ];
}

export function answerPeople(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "room_notify":
      world.setting(`notify.room.${command.room}`, command.wish);
      return keep(world, command.room, { notify: command.wish, muted: command.wish === "none" });
    case "room_favourite": return favourite(world, command.room, command.favourite);
    case "rooms_order":
      for (const [rank, room] of command.rooms.entries()) keep(world, room, { rank });
      return { is: "done" };
    case "talk_to": return { is: "room_id", value: talkTo(world, command.account) };
    case "person": return { is: "person", value: cardOf(world, command.account) };
    case "presence_set": return setPresence(world, command);
    case "room_link": return makeLink(world, command);
    case "room_links": return { is: "room_links", value: linksOf(world).get(command.room) ?? [] };
    case "room_link_revoke": {
      const mine = linksOf(world).get(command.room) ?? [];
      if (!mine.some((link) => link.id === command.id)) throw refused("not_found");
      linksOf(world).set(command.room, mine.filter((link) => link.id !== command.id));
      return { is: "done" };
    }
    case "room_join": return { is: "room_id", value: /room=([\w-]+)/.exec(command.link)?.[1] ?? "r-fair" };
    case "sign_ins": return { is: "sign_ins", value: computersOf(world) };
    case "sign_in_end":
      if (!computersOf(world).some((one) => one.device === command.device)) throw refused("not_found");
      computers.set(world, computersOf(world).filter((one) => one.device !== command.device));
      return { is: "done" };
    case "password_set":
      if (command.old !== "correct horse") throw refused("wrong_password");
      return { is: "done" };
    case "profile_set": {
      const account = world.status.account;
      if (!account) throw refused("not_signed_in");
      world.status = { ...world.status, account: { ...account, display_name: command.display_name } };
      world.told({ event: "status", status: world.status });
      return { is: "account", value: { ...account, display_name: command.display_name } };
    }
    case "profile_fields_set":
      profiles.set(ME, command.profile);
      return world.told({ event: "contacts", people: [ME], groups: false });
    default: return null;
  }
}

const EMPTY: ProfileFields = { title: "", organisation: "", phone: "", mail: "", address: "", about: "" };
/** What people say of themselves. */
export const profiles = new Map<AccountId, ProfileFields>([
  ["a-aiko", { ...EMPTY, title: "Illustrator", organisation: "Harbour Studio", phone: "+81 45 555 0131", mail: "aiko@harbour.example", address: "2-1 Kaigandori\nYokohama", about: "Posters, mostly. Away on Fridays." }],
  ["a-tomas", { ...EMPTY, title: "Site manager", phone: "+34 600 555 014" }],
]);

type Kept = { muted?: boolean; notify?: NotifyWish | null; favourite?: boolean; rank?: number | null };

function keep(world: FakeWorld, id: RoomId, kept: Kept): Answer {
  const room = world.room(id);
  room.view.summary = { ...room.view.summary, ...kept };
  return world.told({ event: "room", room: { ...room.view.summary } });
}

function favourite(world: FakeWorld, id: RoomId, on: boolean): Answer {
  const ranks = world.rooms.map((room) => room.view.summary.rank ?? -1);
  return keep(world, id, { favourite: on, rank: on ? Math.max(...ranks) + 1 : null });
}

function talkOf(world: FakeWorld, account: string): RoomId | null {
  const known = world.rooms.find(({ view }) => view.summary.title === "" && view.summary.others[0]?.account === account);
  return known?.view.summary.id ?? null;
}

function talkTo(world: FakeWorld, account: string): RoomId {
  const known = talkOf(world, account);
  if (known) return known;
  const room = makeRoom("", [member(ME, "owner"), member(account, "owner")], Date.now());
  world.rooms.push(room);
  world.told({ event: "room", room: { ...room.view.summary } });
  return room.view.summary.id;
}

export function cardOf(world: FakeWorld, account: AccountId): PersonView {
  const { name, display_name } = person(account);
  const rooms = world.rooms
    .filter(({ view }) => view.summary.title !== "" && view.members.some((one) => one.account === account))
    .map(({ view }) => ({ id: view.summary.id, title: view.summary.title }));
  return { account, name, display_name, me: account === ME, presence: presenceOf(account), profile: profiles.get(account) ?? EMPTY, rooms, talk: talkOf(world, account), contact: contactOf(world, account) };
}

function setPresence(world: FakeWorld, { state, text, until }: Extract<Command, { do: "presence_set" }>): Answer {
  world.status = { ...world.status, presence: { state, text, until } };
  presences.set(ME, { state: state === "invisible" ? "offline" : state, text, until, seen_at: null });
  world.told({ event: "status", status: world.status });
  return world.told({ event: "person", account: ME, presence: presenceOf(ME) });
}

function linksOf(world: FakeWorld): Map<RoomId, RoomLinkView[]> {
  const known = links.get(world) ?? new Map<RoomId, RoomLinkView[]>();
  links.set(world, known);
  return known;
}

function makeLink(world: FakeWorld, { room, uses, days }: Extract<Command, { do: "room_link" }>): Answer {
  const expires_at = Date.now() + days * DAY;
  const id = newId("link");
  linksOf(world).set(room, [...(linksOf(world).get(room) ?? []), { id, by_name: "Mina Park", uses_left: uses, expires_at }]);
  const rest = `/join?code=${id}&room=${room}`;
  return { is: "invite", value: { code: id, link: `pod://192.168.1.20:7600${rest}&fp=9f2c41`, page: `https://192.168.1.20:7600${rest}`, expires_at } };
}
