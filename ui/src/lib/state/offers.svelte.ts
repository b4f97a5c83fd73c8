// What other people want to send: the offers that wait for an answer, those that came together as one.

import type { AccountId, Name, OfferAsks, OfferId, OfferView, Person } from "../backend/bindings";
import { ask, tell } from "../backend/ask";
import { type Backend, Refused } from "../backend/backend";

/** Files of one person that came in one go and stand at the same point. */
export type Batch = {
  batch: OfferId;
  from: Name;
  step: OfferAsks;
  offers: OfferView[];
  bytes: number;
  folder: string;
};

export class Offers {
  list = $state.raw<OfferView[]>([]);
  /** The oldest first. */
  batches = $derived(together(this.list));

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  clear(): void {
    this.list = [];
  }

  /** Takes the list as it is now; answers what is new in it. */
  put(list: OfferView[]): Batch[] {
    const known = new Set(this.list.map((one) => one.offer));
    this.list = list;
    return this.batches.filter((batch) => batch.offers.every((one) => !known.has(one.offer)));
  }

  find(batch: OfferId): Batch | null {
    return this.batches.find((one) => one.batch === batch) ?? null;
  }

  from(account: AccountId): Batch[] {
    return this.batches.filter((one) => one.from.account === account);
  }

  accept = (batch: Batch, always = false) => tell(this.#backend, { do: "offer_accept", offers: idsOf(batch), always, folder: null });
  acceptInto = (batch: Batch, always = false) => this.#backend.acceptInto(idsOf(batch), always);
  decline = (batch: Batch) => tell(this.#backend, { do: "offer_decline", offers: idsOf(batch) });

  /** Whose files come in without a question. */
  accepted(): Promise<Person[]> {
    return ask(this.#backend, "people", { do: "always_accepted" }).catch(nothing<Person>);
  }

  always = (account: AccountId, on: boolean) => tell(this.#backend, { do: "always_accept", account, on });
}

/** While this cannot be asked for there is none of it; an event tells when there is. */
function nothing<T>(thrown: unknown): T[] {
  const refused = Refused.from(thrown);
  if (refused.code !== "unavailable") throw refused;
  return [];
}

export function idsOf(batch: Batch): OfferId[] {
  return batch.offers.map((one) => one.offer);
}

function together(list: OfferView[]): Batch[] {
  const batches = new Map<string, OfferView[]>();
  for (const one of list.toSorted((a, b) => a.at - b.at)) {
    const key = `${one.from.account} ${one.batch} ${one.step}`;
    batches.set(key, [...(batches.get(key) ?? []), one]);
  }
  return [...batches.values()].flatMap((offers) => {
    const first = offers[0];
    if (!first) return [];
    return [{ batch: first.batch, from: first.from, step: first.step, offers, bytes: offers.reduce((sum, one) => sum + one.bytes, 0), folder: first.folder }];
  });
}
