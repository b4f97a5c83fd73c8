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

/** Opens what a transfer tells more. */
const more = (name) => async (page) => page.locator(`[data-testid=transfer][data-name="${name}"] [data-testid=transfer-more]`).click();

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
  { name: "transfers", size: BIG, go: click("rail-transfers"), walk: true, forced: true },
  { name: "transfers-more", size: BIG, go: steps(click("rail-transfers"), more("Stage plan.dwg"), more("Raw footage.mov")) },
  { name: "transfers-held", size: BIG, go: steps(click("rail-transfers"), click("pause-all")) },
  { name: "transfers-offered", size: BIG, query: "fake=offers", go: click("rail-transfers") },
  { name: "transfers-window", size: [1060, 720], query: "transfers", all: true, walk: true },
  { name: "transfers-window-panel", size: [700, 640], query: "transfers", go: click("behaviour-button") },
  { name: "transfers-window-least", size: [360, 420], query: "transfers&fake=offers" },
  { name: "offer", size: BIG, query: "fake=offers", go: steps(room("Autumn Fair"), click("offer-look")), forced: true },
  { name: "offer-inbox", size: BIG, query: "fake=offers", go: room("Autumn Fair"), all: true },
  { name: "offer-rest", size: BIG, query: "fake=offers", go: steps(inFake(() => { const { world } = window.fake; world.offers = world.offers.map((one) => ({ ...one, step: "interrupted", direct: null })); window.fake.tell({ event: "offers", offers: world.offers }); }), click("offer-look")) },
  { name: "offer-compact", size: POD, query: "fake=offers", all: true, walk: true },
  { name: "offer-compact-dialog", size: POD, query: "fake=offers", go: click("offer-look") },
  { name: "talk", size: BIG, query: "fake=offers", go: steps(inFake(() => { const { world } = window.fake; world.offers = world.offers.map((one) => ({ ...one, from: { account: "a-aiko", name: "Aiko Sato" }, folder: "Downloads/Pod/Aiko Sato" })); window.fake.tell({ event: "lagged" }); }), room("Aiko Sato")) },
  { name: "talk-drop", size: BIG, go: steps(room("Aiko Sato"), inFake(() => window.fake.drop({ phase: "over", x: 600, y: 300, files: 3 }))) },
  { name: "person-drop", size: BIG, go: steps(room("Autumn Fair"), click("members-button"), async (page) => page.locator("[data-testid=member-face]").nth(2).click(), inFake(() => window.fake.drop({ phase: "over", x: 640, y: 400, files: 3 }))) },
  { name: "transfers-empty", size: BIG, go: steps(inFake(() => { window.fake.world.transfers = []; window.fake.tell({ event: "lagged" }); }), click("rail-transfers")) },
  { name: "compact", zh: true, size: POD, all: true, forced: true, walk: true },
  { name: "compact-drop", size: POD, go: inFake(() => window.fake.drop({ phase: "over", x: 160, y: 216, files: 1 })) },
  { name: "compact-least", size: [300, 420] },
  { name: "compact-drop-person", size: POD, go: inFake(() => { const box = [...document.querySelectorAll("[data-testid=room]")].at(-1).getBoundingClientRect(); window.fake.drop({ phase: "over", x: box.x + 90, y: box.y + 20, files: 1 }); }) },
  { name: "compact-settings", size: POD, go: settings("look") },
  { name: "switcher", size: BIG, go: steps(room("Autumn Fair"), press("Control+k"), write("jump-text", "po")), forced: true },
  { name: "switcher-none", size: BIG, go: steps(press("Control+k"), write("jump-text", "contarct")) },
  { name: "switcher-compact", size: POD, go: steps(press("Control+k"), write("jump-text", "a")) },
  { name: "help", zh: true, size: BIG, go: press("F1"), walk: true },
  { name: "help-found", size: BIG, go: steps(press("F1"), write("help-search", "r"), async (page) => page.locator("[data-testid=question] summary").first().click()) },
  ...["profile", "look", "notify", "transfers", "rooms", "keys", "language", "computers", "server", "invite", "about"].map((kind) => ({ name: `settings-${kind}`, size: [1000, 660], go: settings(kind), walk: true, forced: kind === "look" })),
  { name: "settings-notify-quiet", size: [1000, 1180], go: steps(inFake(() => { window.fake.world.answer({ do: "room_notify", room: "r-fair", wish: "mentions" }); }), settings("notify"), click("quiet"), click("quiet-day-6"), click("kind-changes")) },
  { name: "room-notify", size: BIG, go: steps(async (page) => { await page.locator("[data-testid=room]").first().click({ button: "right" }); }, click("room-notify")) },
  { name: "contacts-veiled", size: BIG, query: "fake=contacts", go: steps(room("Autumn Fair"), inFake(() => { window.fake.world.answer({ do: "contact_block", account: "a-tomas", blocked: true }); })) },
  { name: "settings-look-own", size: [1000, 660], go: steps(settings("look"), click("skin-bring")) },
  { name: "settings-look-refused", size: [1000, 660], go: steps(settings("look"), inFake(() => { window.fake.shell.skin.text = '{"pod_skin":1,"name":"Fog","tokens":{"sheet":"#000000","bubble":"#ffffff"}}'; }), click("skin-bring")) },
  { name: "new-room", size: BIG, go: press("Control+n") },
  { name: "contacts", zh: true, size: BIG, query: "fake=contacts", walk: true },
  { name: "contacts-find", size: BIG, query: "fake=contacts", go: steps(inFake(() => { window.fake.world.answer({ do: "contact_remove", account: "a-jonas" }); }), write("filter", "jonas"), (page) => page.locator("[data-testid=contact-found]").waitFor()) },
  { name: "contacts-card", size: BIG, query: "fake=contacts", go: async (page) => { await page.locator("[data-testid=contact]").first().click({ button: "right" }); await page.locator("[data-testid=contact-profile]").click(); await page.locator("[data-testid=contact-card]").waitFor(); } },
  { name: "contacts-compact", size: POD, query: "fake=contacts", walk: true },
  { name: "members", zh: true, size: BIG, go: steps(room("Autumn Fair"), click("members-button")) },
  { name: "links", size: BIG, go: steps(room("Autumn Fair"), click("members-button"), click("members-links"), click("link-make")) },
  { name: "status", size: BIG, go: click("own-status") },
  { name: "profile-own", size: [1280, 1000], query: "fake=contacts", go: steps(click("own-status"), click("status-profile"), write("profile-title", "Architect"), write("profile-phone", "+82 2 555 0117")) },
  { name: "contacts-offline", size: BIG, query: "fake=contacts,offline", go: room("Autumn Fair") },
  { name: "contacts-drag", size: BIG, query: "fake=contacts", go: steps(inFake(() => { window.fake.world.answer({ do: "contact_remove", account: "a-jonas" }); }), write("filter", "jonas"), async (page) => { const found = page.locator("[data-testid=contact-found]").first(); await found.waitFor(); const box = await found.boundingBox(); await page.mouse.move(box.x + 60, box.y + 10); await page.mouse.down(); await page.mouse.move(box.x + 70, box.y - 20, { steps: 4 }); const head = await page.locator("[data-contact-head]").nth(1).boundingBox(); await page.mouse.move(head.x + 60, head.y + 12, { steps: 6 }); await page.waitForTimeout(120); }) },
  { name: "person", size: BIG, go: steps(room("Autumn Fair"), click("members-button"), click("member-face")) },
  { name: "room-window", size: OWN, query: "room=r-fair" },
  { name: "room-window-offline", zh: true, size: OWN, query: "room=r-family&fake=offline" },
  { name: "folder-window", zh: true, size: [1360, 840], query: "folder=r-fair", go: inFolder("Poster A2.png"), walk: true },
  { name: "folder-window-grid", size: [1360, 840], query: "folder=r-fair", go: steps(inFolder("Budget.xlsx"), press("Control+Shift+2")) },
  { name: "folder-window-small", size: [680, 560], query: "folder=r-fair" },
  { name: "folder-window-remarks", zh: true, size: [1360, 1240], query: "folder=r-fair", go: steps(inFake(() => { const { world } = window.fake; const { id: entry } = world.rooms.find((one) => one.view.summary.id === "r-fair").entries.find((one) => one.name === "Poster A2.png"); for (const text of ["The date is too small to read from the street.", "포스터의 글자를 키웠어요. 한 번 더 봐 주세요."]) world.answer({ do: "comment", entry, text, mentions: [], reply: null }); world.answer({ do: "rate", entry, halves: 9 }); world.answer({ do: "lock", entry, minutes: null }); }), inFolder("Poster A2.png")), walk: true },
  { name: "folder-window-film", size: [1360, 840], query: "folder=r-fair", go: steps(inFake(() => { const { world } = window.fake; const room = world.rooms.find((one) => one.view.summary.id === "r-fair"); const poster = room.entries.find((one) => one.name === "Poster A2.png"); room.entries = [...room.entries, { ...poster, id: "e-film", name: "Site flyover.mp4", size: 664e6, preview: "audio", file: { on: "server" }, rating: { halves: 18, count: 2 }, comments: 3 }]; window.fake.tell({ event: "folder", room: "r-fair" }); }), inFolder("Site flyover.mp4"), click("player-play"), (page) => page.waitForFunction(() => document.querySelector("[data-testid=player-time]")?.textContent.endsWith("0:04")), (page) => page.evaluate(() => { const media = document.querySelector("[data-testid=media]"); media.pause(); media.currentTime = 2; }), (page) => page.waitForTimeout(150)), walk: true },
  { name: "folder-window-compare", zh: true, size: [1360, 840], query: "folder=r-fair", go: steps(inFake(() => { const { world } = window.fake; const room = world.rooms.find((one) => one.view.summary.id === "r-fair"); const poster = room.entries.find((one) => one.name === "Poster A2.png"); room.entries = [...room.entries, { ...poster, id: "e-notes", name: "Notes.txt", size: 900, version: 3, preview: "text" }]; window.fake.tell({ event: "folder", room: "r-fair" }); }), inFolder("Notes.txt"), click("version-compare"), (page) => page.locator("[data-testid=compare-lines]").waitFor()) },
  { name: "folder-window-linked", size: [1360, 840], query: "folder=r-fair", go: inFake(() => { const { world } = window.fake; world.answer({ do: "linked_add", room: "r-fair", entry: null, path: "/home/mina/Autumn Fair" }); world.linked = world.linked.map((one) => ({ ...one, question: { here: 0, there: 62 }, alone: [{ path: "old/link", why: "link" }] })); world.tell({ event: "linked", folders: world.linked }); }), walk: true },
  { name: "compact-empty", size: POD, go: inFake(() => { window.fake.world.rooms = []; window.fake.tell({ event: "lagged" }); }) },
  { name: "first", zh: true, size: FIRST, query: "fake=signedout", walk: true },
  { name: "first-join", size: FIRST, query: "fake=signedout", go: click("begin-join") },
  { name: "first-host", size: FIRST, query: "fake=signedout", go: click("begin-host") },
  { name: "first-sign-in", size: FIRST, query: "fake=signedout", go: click("begin-signin") },
  { name: "crash", size: BIG, query: "fake=crash", go: room("우리 가족") },
];
