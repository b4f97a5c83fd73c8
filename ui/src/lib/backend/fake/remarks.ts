// Comments and ratings of the in-memory backend.

import type { Answer, Command, CommentView, RatingView } from "../bindings";
import { type FakeWorld, refused } from "./answers";
import { find } from "./folder";
import { ME, newId, people } from "./world";

type Said = { comments: CommentView[]; ratings: RatingView[] };
const kept = new WeakMap<FakeWorld, Map<string, Said>>();

function said(world: FakeWorld, entry: string): Said {
  const all = kept.get(world) ?? new Map<string, Said>();
  kept.set(world, all);
  const one = all.get(entry) ?? { comments: [], ratings: [] };
  all.set(entry, one);
  return one;
}

export function answerRemarks(world: FakeWorld, command: Command): Answer | null {
  switch (command.do) {
    case "comments": {
      const before = said(world, command.entry).comments.filter((one) => one.seq < (command.before ?? Infinity)).toReversed();
      return { is: "comments", value: { entry: command.entry, comments: before.slice(0, command.limit), more: before.length > command.limit } };
    }
    case "comment": return comment(world, command);
    case "comment_delete": {
      const of = said(world, command.entry);
      of.comments = of.comments.map((one) => (one.id === command.comment ? { ...one, text: null } : one));
      return counted(world, command.entry);
    }
    case "rate": return rate(world, command.entry, command.halves);
    case "ratings": return { is: "ratings", value: said(world, command.entry).ratings };
    default: return null;
  }
}

function comment(world: FakeWorld, asked: Extract<Command, { do: "comment" }>): Answer {
  if (asked.text.trim() === "") throw refused("bad_request");
  const of = said(world, asked.entry);
  const { version } = find(world, asked.entry).entry;
  const by_name = people.find((one) => one.account === ME)?.display_name ?? "Mina Park";
  const { text, reply } = asked;
  of.comments = [...of.comments, { id: newId("c"), seq: of.comments.length + 1, by: ME, by_name, mine: true, names_me: asked.mentions.includes(ME), at: Date.now(), version, text, reply }];
  return counted(world, asked.entry);
}

function rate(world: FakeWorld, id: string, halves: number | null): Answer {
  const of = said(world, id);
  of.ratings = of.ratings.filter((one) => !one.mine);
  if (halves !== null) of.ratings = [{ by: ME, by_name: "Mina Park", mine: true, halves }, ...of.ratings];
  return counted(world, id);
}

/** The entry with its sums, told. */
function counted(world: FakeWorld, id: string): Answer {
  const { room } = find(world, id);
  const of = said(world, id);
  const rating = of.ratings.length > 0 ? { halves: of.ratings.reduce((sum, one) => sum + one.halves, 0), count: of.ratings.length } : null;
  const comments = of.comments.filter((one) => one.text !== null).length;
  room.entries = room.entries.map((one) => (one.id === id ? { ...one, comments, rating } : one));
  return world.told({ event: "folder", room: room.view.summary.id });
}
