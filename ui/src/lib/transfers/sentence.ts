// What a transfer says of itself: one sentence for its row, a few words where there is little room, a line of its story.

import type { StoryLine, TransferView } from "../backend/bindings";
import type { Words } from "../i18n/i18n.svelte";

/** What is known beside the row itself. */
export type Around = {
  /** Seconds left, once that is steady. */
  left: number | null;
  now: number;
  /** The person at the other end can be reached. */
  there: boolean;
};

/** Who or what is at the other end. */
export function otherEnd(row: TransferView): string {
  return row.peer?.name ?? row.room_title;
}

export function ratioOf(row: TransferView): number {
  return row.total > 0 ? Math.min(100, Math.floor((row.done / row.total) * 100)) : 0;
}

/** Its bytes go to the server because the receiver is away; to one who is there the server is only the way. */
function isForwarding(row: TransferView, there: boolean): boolean {
  return row.peer !== null && row.direction === "up" && row.path === "server" && !there;
}

export function sentenceOf(row: TransferView, words: Words, around: Around): string {
  const percent = words.percent(row.done, row.total);
  const { state } = row;
  switch (state.state) {
    case "moving": return moving(row, words, around);
    case "waiting": return waiting(row, words, around);
    case "paused": return words.t("transfers.paused", { percent });
    case "verifying": return words.t("transfers.verifying");
    case "done": return `${words.t("transfers.done")} · ${words.size(row.total)}`;
    case "cancelled": return endOf(row, words);
    case "failed": return words.t("transfers.failed", { percent });
  }
}

/** Why nothing comes of it: a no is told as that. */
function endOf(row: TransferView, words: Words): string {
  const no = row.story.findLast((line) => line.what === "declined");
  return no ? storyOf(no, row, words) : words.t("transfers.cancelled");
}

function moving(row: TransferView, words: Words, { left, there }: Around): string {
  const percent = words.percent(row.done, row.total);
  const parts = isForwarding(row, there) ? [words.t("transfers.forwarding", { who: otherEnd(row) }), percent] : [percent, words.progress(row.done, row.total)];
  // Until it has a pace again it says where it went on from.
  if (row.resumed_at !== null && (row.rate === null || row.rate <= 0)) parts[parts.length - 2] = words.t("transfers.resuming", { percent: words.percent(row.resumed_at, row.total) });
  if (row.rate !== null && row.rate > 0) parts.push(words.speed(row.rate));
  if (left !== null) parts.push(words.t("up.left", { time: words.span(left) }));
  return parts.join(" · ");
}

function waiting(row: TransferView, words: Words, { now, there }: Around): string {
  if (row.state.state !== "waiting") return "";
  const percent = words.percent(row.done, row.total);
  const who = otherEnd(row);
  switch (row.state.for) {
    case "network": {
      const { until } = row.state;
      const next = until !== null && until > now ? [words.t("transfers.next_try", { time: words.span((until - now) / 1000) })] : [];
      return [words.t("transfers.waiting_network"), ...next].join(" · ");
    }
    case "receiver":
      if (row.path === "server" && row.done >= row.total && row.total > 0) return words.t("transfers.on_server", { who });
      if (!there) return words.t(row.options.forward ? "transfers.receiver_forward" : "transfers.receiver_away", { who });
      // Who said yes once is asked for the rest of it.
      if (row.story.some((line) => line.what === "accepted")) return words.t(row.options.forward ? "transfers.receiver_again_forward" : "transfers.receiver_again", { who, percent });
      return words.t(row.options.forward ? "transfers.receiver_asked_forward" : "transfers.receiver_asked", { who });
    case "sender": return words.t("transfers.sender_away", { who });
    case "asking": return row.peer === null ? words.t("transfers.asking_room", { percent }) : words.t(row.direction === "up" ? "transfers.asking_up" : "transfers.asking_down", { who, percent });
    case "person": return words.t("transfers.failed", { percent });
    case "turn": return words.t("transfers.waiting_turn");
    case "room": return words.t("transfers.waiting_room");
    case "held": return words.t("transfers.held_by", { who, percent });
    case "space":
      if (row.state.disk === "server") return words.t("transfers.space_server", { percent });
      return row.state.missing > 0 ? words.t("transfers.space_here", { percent, size: words.size(row.state.missing) }) : words.t("transfers.space_none", { percent });
    case "paused_all": return words.t("transfers.waiting_paused_all", { percent });
  }
}

/** In a few words: what is left, or what it waits for. */
export function briefOf(row: TransferView, words: Words, left: number | null): string {
  const percent = words.percent(row.done, row.total);
  switch (row.state.state) {
    case "moving": return left === null ? percent : words.span(left);
    case "paused": return words.t("up.paused", { percent });
    case "waiting": return words.t(`up.waiting_${row.state.for}`);
    case "verifying": return words.t("up.checking");
    case "done": return words.t("transfers.brief_done");
    case "cancelled": return words.t("transfers.cancelled");
    case "failed": return words.t("up.waiting_person");
  }
}

/** A line of its story. */
export function storyOf(line: StoryLine, row: TransferView, words: Words): string {
  const who = otherEnd(row);
  const at = words.progress(line.byte ?? 0, row.total);
  const began = line.byte === null || line.byte === 0;
  const mine = row.direction === "up";
  // What nobody asked for at that moment says so.
  const itself = line.auto ? "_itself" : "";
  switch (line.what) {
    case "asked": return mine ? words.t(began && !line.auto ? "story.asked_up" : `story.asked_again${itself}`, { who }) : words.t("story.asked_down", { who });
    case "accepted":
      if (mine) return words.t(began ? "story.accepted_up" : "story.accepted_up_rest", { who });
      return words.t(began ? `story.accepted_down${itself}` : `story.accepted_rest${itself}`);
    case "declined": return words.t(mine ? "story.declined_up" : "story.declined_down", { who });
    case "direct": return began ? words.t("story.direct") : words.t("story.direct_from", { at });
    case "server": return began ? words.t("story.server") : words.t("story.server_from", { at });
    case "forwarding":
      if (!mine) return began ? words.t("story.forwarding_down", { who }) : words.t("story.forwarding_down_from", { who, at });
      return began ? words.t(`story.forwarding${itself}`) : words.t(`story.forwarding_from${itself}`, { at });
    case "forwarded": return words.t(mine ? "story.forwarded_up" : "story.forwarded_down", { who });
    case "receiver_away": return words.t("story.no_answer", { who });
    case "sender_away": return words.t("story.away", { who });
    case "cut": return words.t("story.cut", { at });
    case "resumed": return words.t("story.resumed", { at });
    case "held": return words.t(mine ? "story.held_up" : "story.held_down", { who, at });
    case "full": return words.t("story.full", { at });
    case "changed": return words.t("story.changed");
    case "lost": return words.t("story.lost");
    case "done": return words.t("story.done");
    case "failed": return words.t("story.failed", { at });
  }
}
