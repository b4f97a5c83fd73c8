// Movements of the in-memory pod: a queue with an order, offers between two people, options, and what happened to each.

import type { Answer, Command, Name, OfferView, Person, StoryLine, TransferOptions, TransferView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { type FakeRoom, newId, person, previewOf } from "./world";

const AUTOMATIC: TransferOptions = { retransfer: true, receive: true, forward: true };
/** Whose files come in without a question. */
const always = new WeakMap<FakeWorld, Set<string>>();
/** Steps of a movement, and the time between two. */
const STEPS = 8;
const STEP_MS = 400;

const nameOf = (account: string): Name => ({ account, name: person(account).display_name });
const done: Answer = { is: "done" };

type Fixed = Pick<TransferView, "id" | "direction" | "name" | "state"> & Partial<TransferView>;

/** A row with everything that was not said. */
export function row(said: Fixed, now: number): TransferView {
  return {
    room: null, room_title: "", peer: null, offer: null, entry: null, local_path: "", path: null, done: 0, total: 1, rate: null,
    eta_s: null, resumed_at: null, options: AUTOMATIC, rank: 0, story: [], created_at: now, ...said,
  };
}

/** One row for each state there is. */
export function transfers(now: number, room: FakeRoom): TransferView[] {
  const fair = { room: room.view.summary.id, room_title: room.view.summary.title };
  const full = { code: "disk_full", message: "no space left on device", retry: "on_change" } as const;
  const tell = (minutes: number, what: StoryLine["what"], byte: number | null = null, auto = false): StoryLine => ({ at: now - minutes * 60_000, what, byte, auto });
  const rows: Fixed[] = [
    { id: "t-1", direction: "down", name: "Site flyover.mp4", peer: nameOf("a-tomas"), offer: "o-1", path: "direct", done: 412e6, total: 664e6, rate: 8.2e6, eta_s: 31, state: { state: "moving" }, story: [tell(3, "asked"), tell(2, "accepted"), tell(2, "direct", 0)] },
    { id: "t-6", direction: "up", name: "브이로그_1편.mov", peer: nameOf("a-seoyeon"), offer: "o-6", path: "direct", done: 512e6, total: 820e6, resumed_at: 508e6, state: { state: "moving" }, story: [tell(9, "asked"), tell(9, "accepted"), tell(9, "direct", 0), tell(2, "cut", 508e6), tell(1, "resumed", 508e6)] },
    { id: "t-7", direction: "up", name: "Sponsor logos.zip", peer: nameOf("a-priya"), offer: "o-7", path: "server", done: 34e6, total: 100e6, rate: 3.6e6, eta_s: 18, state: { state: "moving" }, story: [tell(2, "asked"), tell(1, "receiver_away"), tell(1, "forwarding", 0, true)] },
    { id: "t-8", direction: "up", name: "Poster bleed.ai", peer: nameOf("a-aiko"), offer: "o-8", total: 48e6, state: { state: "waiting", for: "receiver" }, options: { ...AUTOMATIC, forward: false }, story: [tell(4, "asked")] },
    { id: "t-2", direction: "up", name: "Rehearsal take 4.mp4", ...fair, path: "server", done: 40e6, total: 120e6, state: { state: "waiting", for: "network", until: now + 12_000 }, story: [tell(5, "server", 0), tell(1, "cut", 40e6)] },
    { id: "t-9", direction: "up", name: "Stage plan.dwg", peer: nameOf("a-tomas"), offer: "o-9", done: 7e6, total: 18e6, state: { state: "waiting", for: "asking" }, options: { retransfer: false, receive: true, forward: false }, story: [tell(30, "asked"), tell(30, "accepted"), tell(30, "direct", 0), tell(12, "cut", 7e6)] },
    { id: "t-3", direction: "down", name: "Archive 2024.zip", peer: nameOf("a-aiko"), offer: "o-3", done: 18e6, total: 100e6, state: { state: "paused" }, story: [tell(60, "asked"), tell(60, "accepted"), tell(60, "direct", 0)] },
    { id: "t-4", direction: "down", name: "Raw footage.mov", peer: nameOf("a-tomas"), offer: "o-4", done: 88e7, total: 1e9, state: { state: "failed", error: full }, story: [tell(80, "asked"), tell(80, "accepted"), tell(80, "direct", 0), tell(70, "failed", 88e7)] },
    { id: "t-5", direction: "up", name: "Stall plan v4.pdf", ...fair, path: "server", done: 1.6e6, total: 1.6e6, entry: room.entries[5]?.id ?? null, state: { state: "done" }, story: [tell(49, "server", 0), tell(49, "done")] },
    { id: "t-10", direction: "down", name: "표지_최종.pdf", peer: nameOf("a-seoyeon"), offer: "o-10", path: "direct", done: 4.1e6, total: 4.1e6, state: { state: "done" }, story: [tell(90, "asked"), tell(90, "accepted"), tell(90, "direct", 0), tell(89, "done")] },
  ];
  return rows.map((said, rank) => row({ rank, ...said }, now - rank * 1000));
}

/** Three files that Jonas wants to send. */
export function offers(now: number): OfferView[] {
  const files = [["hero-v3.ai", 14.2e6], ["Copy deck.doc", 310e3], ["Moodboard.png", 3.9e6]] as const;
  return files.map(([name, bytes], n) => ({
    offer: `o-2${n}`, batch: "o-20", from: nameOf("a-jonas"), name, bytes, kind_of: previewOf(name), at: now - 20_000 + n, step: "asked", folder: "Downloads/Pod/Jonas Weber",
  }));
}

/** Somebody proposes files: they come at once if one always accepts theirs. */
export function offered(world: FakeWorld, list: OfferView[]): void {
  const known = list.filter((one) => always.get(world)?.has(one.from.account));
  world.offers = [...world.offers, ...list.filter((one) => !known.includes(one))];
  tellOffers(world);
  for (const one of known) receive(world, one);
}

export function answerTransfers(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "transfers": return { is: "transfers", value: world.transfers };
    case "transfer_pause": return set(world, command.id, { state: { state: "paused" }, rate: null, eta_s: null });
    case "transfer_resume": case "transfer_retry": return set(world, command.id, { state: { state: "moving" } });
    case "transfer_cancel": return set(world, command.id, { state: { state: "cancelled" } });
    case "transfer_options": return set(world, command.id, { options: command.options });
    case "transfer_forward": return set(world, command.id, { path: "server", state: { state: "moving" } }, "forwarding");
    case "transfer_order": return order(world, command.id, command.before);
    case "transfers_pause": return pauseAll(world, command.paused);
    case "offer": return { is: "transfers", value: command.paths.map((path) => offer(world, command.to, path, 48e6)) };
    case "offers": return { is: "offers", value: world.offers };
    case "offer_accept": return accept(world, command);
    case "offer_decline": return take(world, command.offers).length > 0 ? done : gone();
    case "always_accepted": return { is: "people", value: [...(always.get(world) ?? [])].map((account): Person => person(account)) };
    case "always_accept": return keepAlways(world, command.account, command.on);
    default: return null;
  }
}

/** Files picked for a person or dropped on them: asked, and then nothing until they answer. */
export function offer(world: FakeWorld, to: string, name: string, total: number): TransferView {
  const now = Date.now();
  const one = row({
    id: newId("t"), direction: "up", name, peer: nameOf(to), offer: newId("o"), total, rank: world.transfers.length,
    state: world.offline ? { state: "waiting", for: "network", until: null } : { state: "waiting", for: "receiver" }, story: [{ at: now, what: "asked", byte: null, auto: false }],
  }, now);
  world.transfers = [...world.transfers, one];
  world.told({ event: "transfer", transfer: one });
  return one;
}

/** They accepted, or it began by itself: bytes go, in steps. */
export function move(world: FakeWorld, id: string): void {
  const at = world.transfers.find((one) => one.id === id);
  if (!at || at.state.state !== "moving") return;
  const reached = Math.min(at.total, at.done + at.total / STEPS);
  const whole = reached >= at.total;
  set(world, id, { done: reached, rate: whole ? null : at.total / STEPS / (STEP_MS / 1000), eta_s: null, state: whole ? { state: "done" } : at.state }, whole ? "done" : undefined);
  if (!whole) setTimeout(() => move(world, id), STEP_MS);
}

function set(world: FakeWorld, id: string, change: Partial<TransferView>, what?: StoryLine["what"]): Answer {
  const before = world.transfers.find((one) => one.id === id);
  if (!before) throw refused("not_found");
  const story = what ? [...before.story, { at: Date.now(), what, byte: before.done, auto: false }] : before.story;
  const transfer = { ...before, ...change, story };
  world.transfers = world.transfers.map((one) => (one.id === id ? transfer : one));
  return world.told({ event: "transfer", transfer });
}

function order(world: FakeWorld, id: string, before: string | null): Answer {
  const sorted = world.transfers.toSorted((a, b) => a.rank - b.rank).map((one) => one.id);
  const rest = sorted.filter((one) => one !== id);
  if (rest.length === sorted.length || (before !== null && !rest.includes(before))) throw refused("not_found");
  const ids = rest.toSpliced(before === null ? rest.length : rest.indexOf(before), 0, id);
  for (const [rank, one] of ids.entries()) if (world.transfers.find((other) => other.id === one)?.rank !== rank) set(world, one, { rank });
  return done;
}

const held = new WeakMap<FakeWorld, Map<string, TransferView["state"]>>();

function pauseAll(world: FakeWorld, paused: boolean): Answer {
  const before = held.get(world) ?? new Map<string, TransferView["state"]>();
  held.set(world, before);
  world.settings.set("transfers.paused", paused ? "on" : "off");
  for (const one of world.transfers) {
    const { state } = one;
    const goes = state.state === "moving" || (state.state === "waiting" && !["person", "asking", "paused_all"].includes(state.for));
    if (paused && goes) {
      before.set(one.id, state);
      set(world, one.id, { state: { state: "waiting", for: "paused_all" }, rate: null, eta_s: null });
    } else if (!paused && state.state === "waiting" && state.for === "paused_all") set(world, one.id, { state: before.get(one.id) ?? { state: "moving" } });
  }
  return world.told({ event: "setting", key: "transfers.paused" });
}

function tellOffers(world: FakeWorld): void {
  world.told({ event: "offers", offers: world.offers });
}

function take(world: FakeWorld, ids: string[]): OfferView[] {
  const taken = world.offers.filter((one) => ids.includes(one.offer));
  world.offers = world.offers.filter((one) => !ids.includes(one.offer));
  tellOffers(world);
  return taken;
}

function gone(): never {
  throw refused("gone");
}

function accept(world: FakeWorld, command: Extract<Command, { do: "offer_accept" }>): Answer {
  const taken = take(world, command.offers);
  const known = world.transfers.filter((one) => one.offer !== null && command.offers.includes(one.offer));
  if (taken.length === 0 && known.length === 0) return gone();
  if (command.always && taken[0]) keepAlways(world, taken[0].from.account, true);
  for (const one of taken) if (!known.some((other) => other.offer === one.offer)) receive(world, one);
  for (const one of known) set(world, one.id, { state: { state: "moving" } }, "accepted");
  return done;
}

function receive(world: FakeWorld, one: OfferView): void {
  const now = Date.now();
  const story: StoryLine[] = [{ at: one.at, what: "asked", byte: null, auto: false }, { at: now, what: "accepted", byte: null, auto: always.get(world)?.has(one.from.account) ?? false }];
  const transfer = row({
    id: newId("t"), direction: "down", name: one.name, peer: one.from, offer: one.offer, total: one.bytes, path: one.step === "forwarded" ? "server" : "direct",
    rank: world.transfers.length, state: { state: "moving" }, story,
  }, now);
  world.transfers = [...world.transfers, transfer];
  world.told({ event: "transfer", transfer });
  setTimeout(() => move(world, transfer.id), STEP_MS);
}

function keepAlways(world: FakeWorld, account: string, on: boolean): Answer {
  const kept = always.get(world) ?? new Set<string>();
  always.set(world, on ? kept.add(account) : new Set([...kept].filter((one) => one !== account)));
  return done;
}
