// Offers between two people, as a window meets them: sent, come in, answered.

import type { AccountId, EntryId, OfferId, OfferView, TransferView } from "../backend/bindings";
import type { DropPerson } from "../state/drop.svelte";
import type { Batch } from "../state/offers.svelte";
import type { Pod } from "../state/pod.svelte";

/** The system's dialog, then the files are offered to this person. */
export async function offerFiles(pod: Pod, person: DropPerson): Promise<void> {
  const count = await pod.attempt(() => pod.backend.pickOffer(person.account));
  if (count) tellOffered(pod, person, count);
}

/** Where the conversation is open it shows what becomes of the files; elsewhere it is said. */
export function tellOffered(pod: Pod, person: DropPerson, count: number): void {
  if (!talksWith(pod, person.account)) pod.notices.say(pod.words.t("offer.told", { n: count, who: person.name }));
}

/** The conversation with this person is on screen. */
export function talksWith(pod: Pod, account: AccountId): boolean {
  const shown = pod.info?.kind === "main" ? pod.place === "messages" && !pod.frame.compact : pod.info?.kind === "room";
  return shown && pod.room?.title === "" && pod.room.others[0]?.account === account;
}

/** Shows the offer, if it still waits for an answer. */
export function showOffer(pod: Pod, batch: OfferId): void {
  if (pod.offers.find(batch)) pod.dialog = { kind: "offer", batch };
}

/** Offers changed. The dialog opens by itself only over the main window, and never under the hands of who types. */
export function offered(pod: Pod, list: OfferView[]): void {
  const fresh = pod.offers.put(list).findLast((batch) => batch.step === "asked");
  if (!fresh || pod.info?.kind !== "main" || pod.frame.compact || pod.place === "transfers") return;
  if (pod.dialog !== null || document.querySelector("dialog[open]") || isTyping() || talksWith(pod, fresh.from.account)) return;
  showOffer(pod, fresh.batch);
}

/** The focus stands in something one writes in. */
function isTyping(): boolean {
  const at = document.activeElement;
  return document.hasFocus() && (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || (at instanceof HTMLElement && at.isContentEditable));
}

export const acceptBatch = (pod: Pod, batch: Batch, always = false) => pod.attempt(() => pod.offers.accept(batch, always));
export const acceptBatchInto = (pod: Pod, batch: Batch, always = false) => pod.attempt(() => pod.offers.acceptInto(batch, always));
export const declineBatch = (pod: Pod, batch: Batch) => pod.attempt(() => pod.offers.decline(batch));

/** Pixels the pointer moves before it drags. */
const SLACK = 6;

/** Files leave the window under the pointer; what is not here yet is fetched first. */
export async function dragOut(pod: Pod, files: { id: EntryId; name: string }[]): Promise<void> {
  pod.drop.own = pod.chat?.room ?? null;
  const dragged = await pod.attempt(() => pod.backend.dragOut(files.map((one) => one.id)));
  pod.drop.own = null;
  if (dragged === "fetching") pod.notices.say(pod.words.t("file.fetching_drag", { file: files[0]?.name ?? "", n: files.length }));
}

/** A press on a file that leads nowhere else in the window: once the pointer moves it drags the file. */
export const dragOutFrom = (event: PointerEvent, pod: Pod, file: { id: EntryId; name: string }): void => onceItMoves(event, () => dragOut(pod, [file]));

/** The same for a transfer that has come: out of a room's folder, or from a person. */
export function dragDoneFrom(event: PointerEvent, pod: Pod, row: TransferView): void {
  const { entry, name } = row;
  if (row.state.state !== "done") return;
  if (entry !== null) dragOutFrom(event, pod, { id: entry, name });
  else if (row.direction === "down") onceItMoves(event, () => pod.attempt(() => pod.backend.dragReceived([row.id])));
}

function onceItMoves(event: PointerEvent, drag: () => unknown): void {
  if (event.button !== 0 || event.pointerType === "touch") return;
  const start = { x: event.clientX, y: event.clientY };
  const move = (to: PointerEvent) => {
    if (Math.hypot(to.clientX - start.x, to.clientY - start.y) < SLACK) return;
    stop();
    drag();
  };
  const stop = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
}
