// How people, rooms and files look without a picture: letters and one of eight hues, the same everywhere.

const HUES = 8;
const EAST_ASIAN = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** One of the eight hues of the skin, from the id, so that it stays through renames. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % HUES) + 1;
}

function words(name: string): string[] {
  return name.split(/[\s_\-–—·/]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function letters(word: string, count: number): string {
  return [...word.replace(/[^\p{L}\p{N}]/gu, "")].slice(0, count).join("");
}

/** Letters for a person: `MP`, `서연`, `지`. */
export function lettersOfPerson(name: string): string {
  const [first = "", ...rest] = words(name);
  const signs = [...first];
  if (EAST_ASIAN.test(first)) return signs.length >= 3 ? signs.slice(-2).join("") : (signs[0] ?? "");
  const last = rest.at(-1);
  return (last === undefined ? letters(first, 2) : letters(first, 1) + letters(last, 1)).toUpperCase();
}

/** Letters for a room: `AF`, `제주`. */
export function lettersOfRoom(title: string): string {
  const [first = "", second] = words(title);
  if (EAST_ASIAN.test(first)) return letters(first, 2);
  return (second === undefined || EAST_ASIAN.test(second) ? letters(first, 2) : letters(first, 1) + letters(second, 1)).toUpperCase();
}

const KINDS: [number, string[]][] = [
  [1, ["pdf"]],
  [2, ["ai", "psd", "fig", "svg", "ppt", "pptx", "key", "odp"]],
  [3, ["zip", "7z", "rar", "tar", "gz", "xz", "zst"]],
  [4, ["xls", "xlsx", "csv", "ods", "numbers"]],
  [6, ["doc", "docx", "hwp", "hwpx", "odt", "txt", "md", "rtf", "pages"]],
  [7, ["png", "jpg", "jpeg", "gif", "webp", "heic", "bmp", "tif", "tiff"]],
  [8, ["mp4", "mov", "mkv", "webm", "avi", "mp3", "wav", "flac", "m4a", "ogg"]],
];

/** Label and hue of a file's page, from the end of its name: `PDF`, red. */
export function pageOf(name: string): { label: string; hue: number } {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
  const label = /^[a-z0-9]{1,4}$/.test(ending) ? ending.toUpperCase() : "";
  const hue = KINDS.find(([, endings]) => endings.includes(ending))?.[0] ?? 5;
  return { label, hue };
}
