// Where in the list of contacts the pointer is: a group, and before whom in it.

import type { ContactSpot } from "../state/contacts.svelte";
import type { Rows } from "../rooms/order";

/** Heads carry `data-contact-head`, rows `data-contact-row`; both name their group. */
const SPOTS = "[data-contact-head], [data-contact-row]";

const group = (spot: HTMLElement | undefined) => spot?.dataset.contactHead ?? spot?.dataset.contactGroup ?? "";

/** A head takes in at the end; a row before itself where the pointer is above its middle; below all it is the last group. */
export const CONTACTS: Rows = {
  find(y, list) {
    let last: HTMLElement | undefined;
    for (const spot of list.querySelectorAll<HTMLElement>(SPOTS)) {
      const box = spot.getBoundingClientRect();
      const head = spot.dataset.contactHead !== undefined;
      if (head && y < box.top && last) return `${group(last)} `;
      if (head && y < box.bottom) return `${group(spot)} `;
      if (!head && y < box.top + box.height / 2) return `${group(spot)} ${spot.dataset.contactRow ?? ""}`;
      last = spot;
    }
    return `${group(last)} `;
  },
};

export function spotOf(told: string | null): ContactSpot {
  const [group = "", before = ""] = (told ?? " ").split(" ");
  return { group: group || null, before: before || null };
}
