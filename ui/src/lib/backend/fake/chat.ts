// Messages of the in-memory pod: stretches of a timeline, replies, reactions, edits, deletions, marks, search.

import type { Answer, Command, FoundView, Item, ItemKind, MarksView, ReplyTarget, ReplyView, Timeline } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { entry, type FakeRoom, ME, message, newId, person, previewOf, say } from "./world";

export type FakeMessage = Extract<ItemKind, { type: "message" }>;
/** A search looks through this many items in one go. */
const SEARCH_STEP = 400;

export function answerChat(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "timeline":
      return { is: "timeline", value: stretch(world.room(command.room), command) };
    case "send":
      return send(world, command);
    case "message_edit":
    case "message_delete":
    case "message_react":
      changeMessage(world.room(command.room), command, world.offline);
      return world.changed(world.room(command.room));
    case "message_marks":
      return { is: "marks", value: marks(world.room(command.room), command.id) };
    case "search":
      return { is: "found", value: search(world.room(command.room), command) };
    case "typing":
      return { is: "done" };
    default:
      return null;
  }
}

function send(world: FakeWorld, { room: id, text, mentions, reply }: Extract<Command, { do: "send" }>): Answer {
  const room = world.room(id);
  const kind = message(text);
  kind.mentions = mentions.map((account) => ({ account, name: person(account).display_name }));
  kind.reply = replyView(room, reply);
  kind.state = world.offline ? { at: "waiting" } : { at: "sent" };
  if (text.includes("/fail")) kind.state = { at: "failed", error: refused("role_too_low").view };
  const one = say(room, ME, Date.now(), kind);
  if (world.offline) {
    one.pos = null;
    world.status = { ...world.status, messages_waiting: world.status.messages_waiting + 1 };
    world.tell({ event: "status", status: world.status });
  }
  world.changed(room);
  return { is: "message_id", value: kind.id };
}

/** So many messages in a room, older than those it has. */
export function fillChat(room: FakeRoom, count: number): void {
  const authors = [ME, "a-tomas", "a-aiko", "a-seoyeon", "a-jonas"];
  const start = Date.now() - 41 * 86_400_000 - count * 120_000;
  const old: Item[] = [];
  for (let n = 0; n < count; n++) {
    const by = authors[(n >> 2) % authors.length] ?? ME;
    const long = n % 7 === 0 ? " The stage stands at the east gate, the stalls along the water, and the children’s tent behind the pump house, see https://example.org/plan." : "";
    const text = `${n % 11 === 0 ? "그건 내일 확인할게요." : "A word on the fair"} ${n}.${long}`;
    old.push({ key: `old-${n}`, pos: n + 1, at: start + n * 120_000, by, by_name: person(by).display_name, mine: by === ME, kind: { ...message(text), id: `old-${n}` } });
  }
  room.items = [...old, ...room.items.map((one) => (one.pos === null ? one : { ...one, pos: one.pos + count }))];
  room.view.read += count;
}

/** Pictures dropped at once by somebody. */
export function dropPhotos(world: FakeWorld, id: string, by: string, count: number): void {
  const room = world.room(id);
  for (let n = 0; n < count; n++) {
    const file = entry(id, `Fair ${String(n + 1).padStart(2, "0")}.jpg`, 2_400_000 + n * 10_000, by, Date.now(), { file: { on: "server" } });
    room.entries.push(file);
    say(room, by, Date.now(), {
      type: "upload", upload: newId("u"), transfer: null, entry: file.id, name: file.name, size: file.size,
      phase: { phase: "stored", file: file.file }, may_cancel: false, preview: previewOf(file.name), version: 1, conflict_of: null,
    });
  }
  world.changed(room);
}

export function stretch(room: FakeRoom, command: Extract<Command, { do: "timeline" }>): Timeline {
  const { place, limit } = command;
  const { items } = room;
  const indexFrom = (pos: number, past: boolean) => {
    const at = items.findIndex((one) => one.pos === null || (past ? one.pos > pos : one.pos >= pos));
    return at < 0 ? items.length : at;
  };
  let from = Math.max(0, items.length - limit);
  let to = items.length;
  if (place.at === "before") {
    to = indexFrom(place.pos, false);
    from = Math.max(0, to - limit);
  } else if (place.at === "after") {
    from = indexFrom(place.pos, true);
    to = Math.min(items.length, from + limit);
  } else if (place.at === "around") {
    from = Math.max(0, indexFrom(place.pos, true) - Math.ceil(limit / 2));
    to = Math.min(items.length, from + limit);
  }
  return { room: room.view.summary.id, items: structuredClone(items.slice(from, to)), more: from > 0, newer: to < items.length, head: room.head ?? items.at(-1)?.pos ?? 0 };
}

export function replyView(room: FakeRoom, target: ReplyTarget | null): ReplyView | null {
  if (target === null) return null;
  const said = room.items.find((one) => isTarget(one, target));
  if (!said) throw refused("not_found");
  const { kind } = said;
  const quote = kind.type === "message" ? kind.text : kind.type === "upload" ? kind.name : null;
  return { target, pos: said.pos, by: said.by, by_name: said.by_name, mine: said.mine, quote: quote?.slice(0, 200) ?? null };
}

/** Changes a message in place, and the quotes of it. */
export function changeMessage(room: FakeRoom, command: Extract<Command, { do: "message_edit" | "message_delete" | "message_react" }>, offline: boolean): void {
  const message = messageOf(room, command.id);
  if (!message) throw refused("not_found");
  if (message.deleted) throw refused("gone");
  if (command.do === "message_react") return react(message, command.emoji, command.on);
  if (command.do === "message_edit") {
    message.text = command.text;
    message.edited = true;
    message.mentions = command.mentions.map((account) => ({ account, name: person(account).display_name }));
    if (offline) message.state = { at: "waiting" };
  } else {
    Object.assign(message, { text: null, deleted: true, reactions: [], mentions: [], may_edit: false, may_delete: false });
  }
  for (const one of room.items) {
    const reply = one.kind.type === "message" ? one.kind.reply : null;
    if (reply?.target.to === "message" && reply.target.id === command.id) reply.quote = message.text?.slice(0, 200) ?? null;
  }
}

export function marks(room: FakeRoom, id: string): MarksView {
  const message = messageOf(room, id);
  if (!message) throw refused("not_found");
  const others = room.view.members.filter((one) => !one.me).map((one) => ({ account: one.account, name: one.display_name }));
  if (message.state.at === "read") return { read: others, delivered: [] };
  return message.state.at === "delivered" ? { read: others.slice(0, 1), delivered: others.slice(1) } : { read: [], delivered: [] };
}

export function search(room: FakeRoom, command: Extract<Command, { do: "search" }>): FoundView {
  const wanted = command.text.toLocaleLowerCase();
  const older = room.items.filter((one) => one.pos !== null && (command.before === null || one.pos < command.before));
  const looked = older.slice(-SEARCH_STEP);
  const found = looked.filter((one) => textOf(one).toLocaleLowerCase().includes(wanted)).toReversed();
  const items = found.slice(0, command.limit);
  const cut = found.length > items.length;
  const reached = (cut ? items.at(-1)?.pos : looked[0]?.pos) ?? null;
  return { items: structuredClone(items), more: cut || older.length > looked.length, reached };
}

function textOf(item: Item): string {
  if (item.kind.type === "message") return item.kind.text ?? "";
  return item.kind.type === "upload" ? item.kind.name : "";
}

function isTarget(item: Item, target: ReplyTarget): boolean {
  if (target.to === "message") return item.kind.type === "message" && item.kind.id === target.id;
  return item.kind.type === "upload" && item.kind.upload === target.id;
}

function messageOf(room: FakeRoom, id: string): FakeMessage | null {
  const one = room.items.find((item) => item.kind.type === "message" && item.kind.id === id);
  return one?.kind.type === "message" ? one.kind : null;
}

function react(message: FakeMessage, emoji: string, on: boolean): void {
  const me = person(ME).display_name;
  const there = message.reactions.find((one) => one.emoji === emoji);
  if (!there) {
    if (on) message.reactions.push({ emoji, count: 1, mine: true, names: [me] });
  } else if (there.mine !== on) {
    there.count += on ? 1 : -1;
    there.mine = on;
    there.names = on ? [...there.names, me] : there.names.filter((name) => name !== me);
    message.reactions = message.reactions.filter((one) => one.count > 0);
  }
}
