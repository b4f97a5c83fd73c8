// Every screen there is a picture of: how to get there, in a window of which size.

const room = (name) => async (page) => {
  await page.locator("[data-testid=room]", { hasText: name }).first().click();
};
const press = (keys) => async (page) => page.keyboard.press(keys);
const click = (id) => async (page) => page.locator(`[data-testid=${id}]`).first().click();
const write = (id, text) => async (page) => page.locator(`[data-testid=${id}]`).first().fill(text);
const steps = (...all) => async (page) => {
  for (const one of all) {
    await one(page);
    await page.waitForSelector("html[data-idle=true]");
  }
};
const inFake = (change) => async (page) => {
  await page.evaluate(change);
  await page.waitForTimeout(60);
};
const settings = (kind) => steps(click("rail-settings"), click(`settings-${kind}`));

const inFolder = (name) => async (page) => {
  await page.locator(`[data-testid=entry][data-name="${name}"]`).click();
  await page.waitForTimeout(250);
};

const BIG = [1280, 800];
const POD = [320, 560];
const FIRST = [1000, 660];
const OWN = [780, 860];

/** `all`: also in the two colourful skins and with large text. `zh`: also in Chinese. `forced`: also in forced colours. `walk`: the focus is walked. */
export const screens = [
  { name: "main", zh: true, size: BIG, go: room("Autumn Fair"), all: true, forced: true, walk: true },
  { name: "main-pick", size: BIG },
  { name: "main-empty", size: BIG, go: inFake(() => { window.fake.world.rooms = []; window.fake.tell({ event: "lagged" }); }) },
  { name: "main-offline", size: BIG, query: "fake=offline", go: room("우리 가족") },
  { name: "main-failed", size: BIG, query: "fake=failing", go: room("Autumn Fair") },
  { name: "main-loading", size: BIG, query: "fake=slow", go: async (page) => { await page.locator("[data-testid=room]").first().click(); await page.waitForTimeout(400); }, busy: true },
  { name: "main-gone", size: BIG, go: steps(room("Autumn Fair"), inFake(() => window.fake.tell({ event: "room_gone", room: "r-fair" }))) },
  { name: "main-drop", size: BIG, go: steps(room("Autumn Fair"), inFake(() => window.fake.drop({ phase: "over", x: 600, y: 400, files: 3 }))) },
  { name: "main-search", size: BIG, go: steps(room("Autumn Fair"), press("Control+f"), write("search-field", "permit"), press("Enter")) },
  { name: "main-middle", size: [1000, 720], go: steps(room("Autumn Fair"), press("Control+i")) },
  { name: "main-narrow", size: [680, 640], go: room("Autumn Fair") },
  { name: "files", size: BIG, go: steps(room("Autumn Fair"), click("rail-files")) },
  { name: "files-pick", size: BIG, go: click("rail-files") },
  { name: "transfers", size: BIG, go: click("rail-transfers"), walk: true },
  { name: "transfers-empty", size: BIG, go: steps(inFake(() => { window.fake.world.transfers = []; window.fake.tell({ event: "lagged" }); }), click("rail-transfers")) },
  { name: "compact", zh: true, size: POD, all: true, forced: true, walk: true },
  { name: "compact-drop", size: POD, go: inFake(() => window.fake.drop({ phase: "over", x: 160, y: 216, files: 1 })) },
  { name: "compact-least", size: [300, 420] },
  { name: "compact-transfers", size: POD, go: click("rail-transfers") },
  { name: "compact-settings", size: POD, go: settings("look") },
  { name: "switcher", size: BIG, go: steps(room("Autumn Fair"), press("Control+k"), write("jump-text", "po")), forced: true },
  { name: "switcher-none", size: BIG, go: steps(press("Control+k"), write("jump-text", "contarct")) },
  { name: "switcher-compact", size: POD, go: steps(press("Control+k"), write("jump-text", "a")) },
  { name: "help", zh: true, size: BIG, go: press("F1"), walk: true },
  { name: "help-found", size: BIG, go: steps(press("F1"), write("help-search", "r"), async (page) => page.locator("[data-testid=question] summary").first().click()) },
  ...["profile", "look", "notify", "rooms", "keys", "language", "server", "invite", "about"].map((kind) => ({ name: `settings-${kind}`, size: [1000, 660], go: settings(kind), walk: true, forced: kind === "look" })),
  { name: "new-room", size: BIG, go: press("Control+n") },
  { name: "members", zh: true, size: BIG, go: steps(room("Autumn Fair"), click("members-button")) },
  { name: "links", size: BIG, go: steps(room("Autumn Fair"), click("members-button"), click("members-links"), click("link-make")) },
  { name: "status", size: BIG, go: click("own-status") },
  { name: "person", size: BIG, go: steps(room("Autumn Fair"), click("members-button"), click("member-face")) },
  { name: "room-window", size: OWN, query: "room=r-fair" },
  { name: "room-window-offline", zh: true, size: OWN, query: "room=r-family&fake=offline" },
  { name: "folder-window", zh: true, size: [1360, 840], query: "folder=r-fair", go: inFolder("Poster A2.png"), walk: true },
  { name: "folder-window-grid", size: [1360, 840], query: "folder=r-fair", go: steps(inFolder("Budget.xlsx"), press("Control+Shift+2")) },
  { name: "folder-window-small", size: [680, 560], query: "folder=r-fair" },
  { name: "compact-empty", size: POD, go: inFake(() => { window.fake.world.rooms = []; window.fake.tell({ event: "lagged" }); }) },
  { name: "first", zh: true, size: FIRST, query: "fake=signedout", walk: true },
  { name: "first-join", size: FIRST, query: "fake=signedout", go: click("begin-join") },
  { name: "first-host", size: FIRST, query: "fake=signedout", go: click("begin-host") },
  { name: "first-sign-in", size: FIRST, query: "fake=signedout", go: click("begin-signin") },
  { name: "crash", size: BIG, query: "fake=crash", go: room("우리 가족") },
];
