// How the log is scrolled: sticks to the foot, keeps what is read in place, jumps, and asks for pages in time.

import { tick } from "svelte";
import type { Chat } from "../state/chat/chat.svelte";
import type { Pod } from "../state/pod.svelte";
import { type Anchor, anchorOf, fromFoot, holdAt, lineOnTop, onScreen, placeAt, posOf, rowOf, rowsIn } from "./geometry";

const NEAR_FOOT = 48;
/** A page is asked for when the edge of what is loaded is so near. */
const AHEAD = 900;

export class Scroller {
  atFoot = $state(true);
  /** When the first row on screen was written, for the day that floats above; nothing: at the foot. */
  day = $state<number | null>(null);

  #pod: Pod;
  #chat: Chat;
  #log: HTMLElement | null = null;
  #anchor: Anchor | null = null;
  #focused: string | null = null;
  #fresh = false;
  #wanted = false;

  constructor(pod: Pod, chat: Chat) {
    this.#pod = pod;
    this.#chat = chat;
  }

  /** Watches the log's size: text that wraps anew, or a composer that grew, moves nothing out of sight. */
  attach(log: HTMLElement, lines: HTMLElement): () => void {
    this.#log = log;
    const watch = new ResizeObserver(() => this.#keep());
    watch.observe(log);
    watch.observe(lines);
    return () => watch.disconnect();
  }

  /** Before rows change: what is to stay in place, and which row has the focus. */
  before(): void {
    if (!this.#log) return;
    this.#anchor = anchorOf(this.#log);
    const held = document.activeElement?.closest<HTMLElement>("[data-row]");
    this.#focused = held && this.#log.contains(held) ? (held.dataset.key ?? null) : null;
  }

  /** After rows changed. */
  after(): void {
    const log = this.#log;
    if (!log || !this.#chat.log.loaded) return;
    const jumped = this.#jump(log);
    if (!jumped) this.#keep();
    // A row that had the focus and was let go gives it to the log: the next arrow key goes on from there.
    if (this.#focused !== null && rowOf(log, this.#focused) === null && document.activeElement === document.body) log.focus({ preventScroll: true });
    this.#focused = null;
    this.look();
    if (jumped) this.#onceDrawn();
    else if (log.clientHeight > 0) this.#ahead(log);
  }

  /** What was just opened is drawn before more is asked for. */
  #onceDrawn(): void {
    this.#fresh = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#fresh = false;
        if (this.#log && (this.#wanted || this.#log.clientHeight > 0)) this.#ahead(this.#log);
        this.#wanted = false;
      }),
    );
  }

  /** The person scrolled. */
  scrolled(): void {
    this.look();
    if (this.#log && this.#chat.log.loaded) this.#ahead(this.#log);
  }

  /** Looks at where the log stands: what is on screen is what is read, and kept in place. */
  look(): void {
    const log = this.#log;
    const { log: loaded } = this.#chat;
    if (!log || !loaded.loaded) return;
    this.atFoot = fromFoot(log) < NEAR_FOOT && !loaded.newer;
    const rows = rowsIn(log);
    const { first, last } = onScreen(log, rows);
    const shown = rows.slice(first, last + 1);
    const from = posOf(shown.find((row) => posOf(row) !== null));
    const to = posOf(shown.findLast((row) => posOf(row) !== null));
    if (from !== null && to !== null) loaded.see({ from, to, count: shown.length, foot: this.atFoot });
    this.#anchor = anchorOf(log);
    // Where the day's own line can be seen, it is not said twice.
    this.day = this.atFoot || lineOnTop(log) ? null : Number(rows[first]?.dataset.at) || null;
    this.#seen(to);
  }

  /** Follows `chat.jump` when there is one and its place is loaded. */
  follow(): void {
    if (this.#log && this.#chat.log.loaded && this.#jump(this.#log)) this.look();
  }

  #keep(): void {
    const log = this.#log;
    if (!log) return;
    if (this.atFoot && !this.#chat.log.newer) log.scrollTop = log.scrollHeight;
    else if (this.#anchor) holdAt(log, this.#anchor);
  }

  #jump(log: HTMLElement): boolean {
    const { jump } = this.#chat;
    if (jump === null) return false;
    if (jump.to === "foot") {
      log.scrollTop = log.scrollHeight;
    } else if (jump.to === "new") {
      const line = log.querySelector<HTMLElement>("[data-testid=new-line]");
      if (line) placeAt(log, line, 0.25);
      else log.scrollTop = log.scrollHeight;
    } else {
      const row = (jump.key !== null ? rowOf(log, jump.key) : null) ?? rowsIn(log).find((one) => (posOf(one) ?? 0) >= jump.pos);
      if (!row) return false;
      placeAt(log, row, 0.35);
      if (jump.focus) row.focus({ preventScroll: true });
      lightUp(row);
    }
    this.#chat.jump = null;
    return true;
  }

  /** Told as read only when somebody can be looking. */
  #seen(to: number | null): void {
    if (!document.hasFocus() || document.visibilityState !== "visible") return;
    const newest = this.atFoot ? Math.max(this.#chat.log.head, this.#chat.items.findLast((item) => item.pos !== null)?.pos ?? 0) : to;
    if (newest) void this.#pod.attempt(() => this.#chat.read(newest));
  }

  /** Pages come before their edge is reached; where little is drawn, more comes until the log is full. */
  #ahead(log: HTMLElement): void {
    const { log: loaded } = this.#chat;
    if (loaded.loading !== null) return;
    if (this.#fresh) {
      this.#wanted = true;
      return;
    }
    const scrolls = log.scrollHeight > log.clientHeight + 1;
    if (loaded.more && log.scrollTop < AHEAD && (scrolls || log.clientHeight > 0)) void this.#load(() => loaded.older());
    else if (loaded.newer && fromFoot(log) < AHEAD) void this.#load(() => loaded.newerOnes());
  }

  async #load(page: () => Promise<void>): Promise<void> {
    await this.#pod.attempt(page);
    await tick();
    if (this.#log && this.#log.clientHeight > 0) this.#ahead(this.#log);
  }
}

function lightUp(row: HTMLElement): void {
  row.classList.remove("lit");
  // Reading a size in between makes the same row light up again.
  void row.offsetWidth;
  row.classList.add("lit");
  row.addEventListener("animationend", () => row.classList.remove("lit"), { once: true });
}
