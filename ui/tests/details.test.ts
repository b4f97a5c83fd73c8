// What is known about a selected file, and how it looks.

import { expect, it } from "vitest";
import type { FakeOptions } from "../src/lib/backend/fake";
import { entry } from "../src/lib/backend/fake/world";
import { markdown } from "../src/lib/folder/markdown";
import { all, click, fireEvent, idle, one, open, waitFor } from "./window";

const row = (name: string) => all("entry").find((one) => one.dataset.name === name) as HTMLElement;

async function selected(name: string, options: FakeOptions = {}) {
  const fake = await open({ folder: "r-fair", ...options });
  const room = fake.world.rooms[0];
  if (room) room.entries = [...room.entries, entry("r-fair", "Notes.md", 900, "a-aiko", 5), entry("r-fair", "List.csv", 90_000, "a-aiko", 5)];
  fake.tell({ event: "folder", room: "r-fair" });
  await waitFor(() => expect(row(name)).toBeTruthy());
  await fireEvent.click(row(name));
  await idle();
  return fake;
}

it("says who registered and has it, its digest, and what was done", async () => {
  await selected("Permit letter.hwp");
  await waitFor(() => expect([...one("holders").querySelectorAll("bdi")].map((name) => name.textContent)).toEqual(["이서연", "Aiko Sato"]));
  const text = one("details").textContent ?? "";
  expect(text).toContain("이서연, ");
  expect(text).toContain("212,000 bytes");
  expect(one("digest").textContent).toBe("sha256 9f2c41e0");
  expect(one("details-activity").textContent).toContain("Aiko Sato downloaded Permit letter.hwp");
  expect(all("preview-none").length).toBe(1);
});

it("the digest is copied", async () => {
  const taken: string[] = [];
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text: string) => void taken.push(text) }, configurable: true });
  await selected("Permit letter.hwp");
  await click("copy-digest");
  expect([taken, document.body.textContent?.includes("Copied")]).toEqual([["9f2c41e0"], true]);
});

it("its buttons open, show and download, the last only where it is not here", async () => {
  const fake = await selected("Vendor list.doc");
  const id = row("Vendor list.doc").dataset.id;
  await click("details-open");
  await click("details-show");
  expect(fake.opened).toEqual([`open ${id}`, `show ${id}`]);
  await click("details-download");
  expect(fake.calls.some((call) => call.do === "get" && call.entry === id && call.dest === null)).toBe(true);
  await fireEvent.click(row("Permit letter.hwp"));
  await idle();
  expect(all("details-download").length).toBe(0);
});

it("what cannot be learned is told in place", async () => {
  await selected("Budget.xlsx", { failing: { entry_details: "unavailable" } });
  await waitFor(() => expect(one("error").dataset.code).toBe("unavailable"));
  expect(one("details-name").textContent).toBe("Budget.xlsx");
});

it("a picture is shown, and its page where it cannot be loaded", async () => {
  await selected("Poster A2.png");
  expect(one("preview-image").getAttribute("alt")).toBe("Picture of Poster A2.png");
  await fireEvent.error(one("preview-image"));
  expect(one("preview-none").textContent).toContain("It cannot be shown here.");
});

it("a text shows its beginning, Markdown as what it says, and no HTML of it", async () => {
  const fake = await selected("List.csv");
  await waitFor(() => expect(one("preview-text").textContent).toContain("1,stall 1,paid"));
  expect(one("preview-text").textContent).toContain("Only the beginning is shown.");
  await fireEvent.click(row("Notes.md"));
  await waitFor(() => expect(all("markdown").length).toBe(1));
  const shown = one("markdown");
  expect([shown.querySelector("[role=heading]")?.textContent, shown.querySelector("b")?.textContent]).toEqual(["Fair day", "permit"]);
  expect([...shown.querySelectorAll("[role=checkbox]")].map((box) => box.getAttribute("aria-checked"))).toEqual(["true", "false"]);
  await fireEvent.click(shown.querySelector("button") as HTMLButtonElement);
  await idle();
  expect(fake.opened).toEqual(["link https://example.org/fair"]);
});

it("a text that cannot be read says why", async () => {
  await selected("List.csv", { failing: { preview_text: "gone" } });
  await waitFor(() => expect(one("error").dataset.code).toBe("gone"));
});

it("a PDF is read in pieces, also where it is not on this computer, and says so where it cannot be", async () => {
  const fake = await selected("Budget.xlsx");
  const asked: number[][] = [];
  fake.piece = async (_, version, from, bytes) => {
    asked.push([version, from, bytes]);
    throw new Error("no bytes");
  };
  const plan = fake.world.rooms[0]?.entries.find((one) => one.name === "Stall plan v4.pdf");
  if (plan) plan.file = { on: "server" };
  fake.tell({ event: "folder", room: "r-fair" });
  await idle();
  await fireEvent.click(row("Stall plan v4.pdf"));
  await waitFor(() => expect(one("preview-pdf").textContent).toContain("It cannot be shown here."));
  expect(asked.every(([version, from, bytes]) => version === 1 && (from ?? 0) + (bytes ?? 0) <= 1_600_000 && (bytes ?? 0) <= 2 * 1024 * 1024)).toBe(true);
});

it("Space shows it large, the arrows go on, Space closes", async () => {
  await selected("Budget.xlsx");
  await fireEvent.keyDown(one("entries"), { key: " " });
  await idle();
  expect(one("large-preview").getAttribute("aria-label")).toBe("Budget.xlsx");
  await fireEvent.keyDown(one("large-preview"), { key: "ArrowRight" });
  await waitFor(() => expect(one("large-preview").getAttribute("aria-label")).toBe("List.csv"));
  await fireEvent.keyDown(one("large-preview"), { key: " " });
  expect(all("large-preview").length).toBe(0);
});

it("the details are closed and opened by their key", async () => {
  await selected("Budget.xlsx");
  await fireEvent.keyDown(one("entries"), { key: "i", ctrlKey: true });
  expect(all("details").length).toBe(0);
  await click("details-button");
  expect(all("details").length).toBe(1);
});

it("Markdown keeps HTML as text, drops script links and pictures, and survives depth", () => {
  expect(markdown("<script>x</script>\n")).toEqual([{ is: "paragraph", parts: [{ is: "text", text: "<script>x</script>\n" }] }]);
  expect(markdown("[a](javascript:alert) ![b](http://x/y.png) `<b>`")).toEqual([
    { is: "paragraph", parts: [{ is: "text", text: "a" }, { is: "text", text: " " }, { is: "text", text: "b" }, { is: "text", text: " " }, { is: "code", text: "<b>" }] },
  ]);
  expect(markdown("a & b < c")).toEqual([{ is: "paragraph", parts: [{ is: "text", text: "a & b < c" }] }]);
  expect(JSON.stringify(markdown(`${">".repeat(400)} deep`)).length).toBeLessThan(4000);
  expect(markdown(">".repeat(60_000)).length).toBeGreaterThan(0);
});
