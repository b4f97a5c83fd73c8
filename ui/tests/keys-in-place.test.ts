import { expect, it, vi } from "vitest";
import { actions } from "../src/lib/actions";
import { chord } from "./keyboard";
import { all, click, fireEvent, idle, one, open, openRoom, waitFor, write } from "./window";

type Fake = Awaited<ReturnType<typeof open>>;
/** How to come to the place of a key, press it, and see what it did. */
type Scene = (fake: Fake, key: string) => Promise<boolean>;

const called = (fake: Fake, what: string) => fake.calls.some((call) => call.do === what);
const transfer = (name: string) => all("transfer").find((row) => row.dataset.name === name) as HTMLElement;

/** On the last message of one's own in the room. */
async function ownMessage(): Promise<HTMLElement> {
  await openRoom("우리 가족");
  const bubble = all("message").find((message) => message.textContent?.includes("항공권부터 올릴게요!"));
  const row = bubble?.closest<HTMLElement>("[data-row]");
  if (!row) throw new Error("no message of one's own");
  row.focus();
  return row;
}

/** In the folder of the room, with the first file or folder of that name chosen. */
async function inFolder(name: string): Promise<HTMLElement> {
  await openRoom("Autumn Fair");
  await click("rail-files");
  await waitFor(() => expect(all("entry").some((row) => row.dataset.name === name)).toBe(true));
  const rows = all("entry").map((row) => row.dataset.name);
  for (let n = 0; n <= rows.indexOf(name); n++) await chord("Down", one("entries"));
  return one("entries");
}

const scenes: Record<string, Scene> = {
  edit_last: async (_, key) => {
    await openRoom("우리 가족");
    await chord(key, one("composer"));
    return (one("composer") as HTMLTextAreaElement).value === "항공권부터 올릴게요!";
  },
  attach: async (_, key) => {
    await openRoom("우리 가족");
    await chord(key, one("composer"));
    return all("tray").length > 0;
  },
  emoji: async (_, key) => {
    await openRoom("우리 가족");
    await chord(key, one("composer"));
    return all("float").some((float) => float.dataset.kind === "emoji");
  },
  // The key is the system's; what it brings comes as a paste.
  paste: async () => {
    await openRoom("우리 가족");
    await fireEvent.paste(one("composer"), { clipboardData: { files: [], types: ["Files"], getData: () => "" } });
    await idle();
    return all("tray").length > 0;
  },
  search: async (_, key) => {
    await openRoom("우리 가족");
    await chord(key, one("composer"));
    return all("search-field").length === 1;
  },
  reply: async (_, key) => {
    await chord(key, await ownMessage());
    return all("cancel-bar").length === 1;
  },
  react: async (_, key) => {
    await chord(key, await ownMessage());
    return all("float").length === 1;
  },
  delete: async (_, key) => {
    await chord(key, await ownMessage());
    return all("undo-delete").length === 1;
  },
  copy: async (_, key) => {
    const write = vi.fn(async () => undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText: write }, configurable: true });
    document.execCommand = () => true;
    await chord(key, await ownMessage());
    return document.body.textContent?.includes("Copied") ?? false;
  },
  newest: async (_, key) => {
    const row = await ownMessage();
    const scrolled = vi.spyOn(one("log"), "scrollTop", "set");
    await chord(key, row);
    return scrolled.mock.calls.length > 0 || document.activeElement !== row;
  },
  to_line: async (_, key) => {
    await chord(key, await ownMessage());
    return document.activeElement === one("composer");
  },
  file_open: async (fake, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return fake.opened.some((what) => what.startsWith("open "));
  },
  file_show: async (fake, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return fake.opened.some((what) => what.startsWith("show "));
  },
  file_preview: async (_, key) => {
    await chord(key, await inFolder("Poster A2.png"));
    return all("large-preview").length === 1;
  },
  file_rename: async (_, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return (one("name-field") as HTMLInputElement).value === "Budget.xlsx";
  },
  file_delete: async (fake, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return called(fake, "entry_delete");
  },
  undo: async (fake, key) => {
    await inFolder("Budget.xlsx");
    await chord("Delete", one("entries"));
    await idle();
    await chord(key, one("entries"));
    await idle();
    return called(fake, "entry_restore");
  },
  file_all: async (_, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return all("entry").every((row) => row.getAttribute("aria-selected") === "true");
  },
  folder_new: async (_, key) => {
    await chord(key, await inFolder("Budget.xlsx"));
    return all("entry-name").length === 1;
  },
  folder_up: async (_, key) => {
    const entries = await inFolder("Permits");
    await chord("Enter", entries);
    await chord(key, one("entries"));
    return all("entry").some((row) => row.dataset.name === "Permits");
  },
  folder_refresh: async (fake, key) => {
    const entries = await inFolder("Permits");
    const before = fake.calls.filter((call) => call.do === "folder").length;
    await chord(key, entries);
    return fake.calls.filter((call) => call.do === "folder").length > before;
  },
  folder_list: async (_, key) => {
    await chord("Ctrl+Shift+2", await inFolder("Permits"));
    await chord(key, one("entries"));
    return one("entries").getAttribute("role") === "grid" && all("sort-name").length === 1;
  },
  folder_grid: async (_, key) => {
    await chord(key, await inFolder("Permits"));
    return all("sort-name").length === 0;
  },
  send: async (fake, key) => {
    await openRoom("우리 가족");
    await write("composer", "안녕");
    await chord(key, one("composer"));
    return called(fake, "send");
  },
  new_line: async (fake, key) => {
    await openRoom("우리 가족");
    await write("composer", "안녕");
    await chord(key, one("composer"));
    return !called(fake, "send");
  },
  transfer_pause: async (fake, key) => {
    await click("rail-transfers");
    await chord(key, transfer("Site flyover.mp4"));
    await chord(key, transfer("Archive 2024.zip"));
    return called(fake, "transfer_pause") && called(fake, "transfer_resume");
  },
  transfer_up: async (fake, key) => {
    await click("rail-transfers");
    await chord(key, transfer("브이로그_1편.mov"));
    await waitFor(() => expect(all("transfer")[0]?.dataset.name).toBe("브이로그_1편.mov"));
    return called(fake, "transfer_order") && document.activeElement === transfer("브이로그_1편.mov");
  },
  transfer_down: async (fake, key) => {
    await click("rail-transfers");
    await chord(key, transfer("Site flyover.mp4"));
    await waitFor(() => expect(all("transfer")[1]?.dataset.name).toBe("Site flyover.mp4"));
    return called(fake, "transfer_order");
  },
  transfer_open: async (fake, key) => {
    await click("rail-transfers");
    await chord(key, transfer("Stall plan v4.pdf"));
    return fake.opened.some((what) => what.startsWith("open "));
  },
};

const inPlace = actions.filter((action) => !action.run);

it("every key of a place is tried here", () => {
  expect(Object.keys(scenes).sort()).toEqual(inPlace.map((action) => action.id).sort());
});

it.each(inPlace.map((action) => [action.id, action.keys] as const))("the key of %s does something where it belongs", async (id, keys) => {
  for (const key of keys) {
    const fake = await open();
    expect(await scenes[id]?.(fake, key)).toBe(true);
    document.body.replaceChildren();
  }
});

it("arrows walk through the transfers", async () => {
  await open();
  await click("rail-transfers");
  all("transfer")[0]?.focus();
  await chord("Down");
  expect(document.activeElement).toBe(all("transfer")[1]);
});
