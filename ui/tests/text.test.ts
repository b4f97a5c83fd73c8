import { describe, expect, it } from "vitest";
import { member } from "../src/lib/backend/fake/world";
import { begunAt, fitting, mentioned, namesIn } from "../src/lib/chat/mention";
import { isEmojiOnly, marked, piecesOf, plainOf } from "../src/lib/chat/text";

const tomas = { account: "a-tomas", name: "Tomás Rivera" };
const seoyeon = { account: "a-seoyeon", name: "이서연" };
const shape = (text: string, names = [tomas, seoyeon]) => piecesOf(text, names).map((piece) => `${piece.as}:${piece.text}`);

describe("pieces of a text", () => {
  it("are links only to where links may lead", () => {
    expect(shape("see https://example.org/a?b=1, or mail mina@example.org.")).toEqual([
      "text:see ", "link:https://example.org/a?b=1", "text:, or mail ", "link:mina@example.org", "text:.",
    ]);
    expect(piecesOf("pod://host:7600/join?code=A", [])[0]).toMatchObject({ as: "link", href: "pod://host:7600/join?code=A" });
    for (const text of ["javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/x", "data:text/html,<b>"]) {
      expect(piecesOf(text, []).filter((piece) => piece.as === "link").map((piece) => "href" in piece && new URL(piece.href).protocol).filter((scheme) => !["http:", "https:", "mailto:", "pod:"].includes(String(scheme)))).toEqual([]);
    }
  });

  it("stay text where they look like markup", () => {
    expect(shape("<img src=x onerror=alert(1)> <b>no</b>")).toEqual(["text:<img src=x onerror=alert(1)> <b>no</b>"]);
  });

  it("set names apart, and only those that are meant", () => {
    expect(shape("@Tomás Rivera check, @이서연 님도, @Tomás not")).toEqual(["name:@Tomás Rivera", "text: check, ", "name:@이서연", "text: 님도, @Tomás not"]);
    expect(shape("@Tomás Rivera", [])).toEqual(["text:@Tomás Rivera"]);
  });

  it("leave code as it was written", () => {
    expect(shape("run `a_b_c **x**` now")).toEqual(["text:run ", "code:a_b_c **x**", "text: now"]);
    expect(piecesOf("```ts\nconst a = `1`;\n```", [])).toEqual([{ as: "block", language: "ts", text: "const a = `1`;" }]);
    expect(shape("``` https://example.org ```")).toEqual(["block:https://example.org "]);
  });

  it("stress what is between signs, never the middle of a word", () => {
    expect(shape("a **very** _good_ ~~bad~~ day")).toEqual(["text:a ", "bold:very", "text: ", "italic:good", "text: ", "strike:bad", "text: day"]);
    expect(shape("snake_case_name and 2**3**4")).toEqual(["text:snake_case_name and 2**3**4"]);
    expect(shape("** no ** _ no _")).toEqual(["text:** no ** _ no _"]);
  });

  it("make one plain line", () => {
    expect(plainOf("**Look** at\n`this`")).toBe("Look at this");
  });
});

it("a few emoji and nothing else are drawn large", () => {
  expect(["👍", "❤️", "👩‍👩‍👧", "🇰🇷 🇨🇳", "👍🏽👍🏽"].map(isEmojiOnly)).toEqual([true, true, true, true, true]);
  expect(["ok 👍", "12", "", "👍".repeat(40), "안녕"].map(isEmojiOnly)).toEqual([false, false, false, false, false]);
});

it("what was searched for is marked wherever it stands", () => {
  expect(marked("Gate, east gate", "gate").filter((part) => part.hit).map((part) => part.text)).toEqual(["Gate", "gate"]);
  expect(marked("내일 확인할게요", "확인")).toEqual([{ text: "내일 ", hit: false }, { text: "확인", hit: true }, { text: "할게요", hit: false }]);
  expect(marked("İstanbul", "x")).toEqual([{ text: "İstanbul", hit: false }]);
});

describe("names", () => {
  const members = [member("a-mina", "owner"), member("a-tomas", "editor"), member("a-seoyeon", "editor"), member("a-aiko", "editor")];

  it("begin after a space or a bracket, not inside a word", () => {
    expect(begunAt("hi @To", 6)).toEqual({ from: 3, text: "To" });
    expect(begunAt("(@이서", 4)).toEqual({ from: 1, text: "이서" });
    expect([begunAt("mina@exa", 8), begunAt("@Tomás Rivera ", 14), begunAt("none", 4)]).toEqual([null, null, null]);
  });

  it("are offered without oneself, those that begin with it first", () => {
    expect(fitting(members, "").map((one) => one.account)).not.toContain("a-mina");
    expect(fitting(members, "a").map((one) => one.account)[0]).toBe("a-aiko");
    expect(fitting(members, "서연").map((one) => one.account)).toEqual(["a-seoyeon"]);
    expect(fitting(members, "riv").map((one) => one.account)).toEqual(["a-tomas"]);
  });

  it("are found in the text that is sent, each once; of two with one name the one picked", () => {
    expect(mentioned("@Tomás Rivera and @이서연, @Tomás Rivera!", members, [])).toEqual(["a-tomas", "a-seoyeon"]);
    const twin = { ...member("a-jonas", "editor"), display_name: "Tomás Rivera" };
    expect(mentioned("@Tomás Rivera", [...members, twin], ["a-jonas"])).toEqual(["a-jonas"]);
    expect(namesIn("@", [{ account: "x", name: "" }])).toEqual([]);
  });
});
