// Draws the pages of a PDF, wherever it lies: of one that is not here only what a page needs is fetched. This file, and the
// reader with it, is loaded when the first PDF is looked at; it runs in its own worker from our own files, evaluates nothing,
// and fetches nothing but pieces of the file and the character maps and fonts that are shipped with it.

import type { PDFDocumentProxy, RenderTask } from "pdfjs-dist";
import * as reader from "pdfjs-dist/legacy/build/pdf.mjs";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

/** What is larger is not opened. */
export const PDF_BYTES_MAX = 1024 ** 3;
/** Bytes asked for at once, at least. */
const PIECE_BYTES = 256 * 1024;
/** Bytes asked for at once, at most: what the shell gives. */
const PIECE_BYTES_MAX = 2 * 1024 * 1024;
/** Pixels of a drawn page at most, each way. */
const SIDE_MAX = 2400;

export type Pdf = {
  pages: number;
  /** Draws a page as wide as the canvas is shown; a newer drawing ends an older one. */
  draw: (page: number, canvas: HTMLCanvasElement, width: number) => Promise<void>;
  close: () => void;
};

const maps = import.meta.glob<string>("/node_modules/pdfjs-dist/cmaps/*.bcmap", { query: "?url", import: "default", eager: true });
const fonts = import.meta.glob<string>("/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", { query: "?url", import: "default", eager: true });

async function bytesOf(table: Record<string, string>, name: string): Promise<Uint8Array> {
  const found = Object.entries(table).find(([path]) => path.endsWith(`/${name}`));
  if (!found) throw new Error(`the reader has no ${name}`);
  return new Uint8Array(await (await fetch(found[1])).arrayBuffer());
}

class Maps {
  async fetch({ name }: { name: string }): Promise<{ cMapData: Uint8Array; isCompressed: boolean }> {
    return { cMapData: await bytesOf(maps, `${name}.bcmap`), isCompressed: true };
  }
}

class Fonts {
  fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    return bytesOf(fonts, filename);
  }
}

/** Bytes of the file from a place on. */
export type Read = (from: number, bytes: number) => Promise<Uint8Array>;

class Ranges extends reader.PDFDataRangeTransport {
  #read: Read;
  #broke: (thrown: unknown) => void;

  constructor(size: number, read: Read, broke: (thrown: unknown) => void) {
    super(size, null);
    this.#read = read;
    this.#broke = broke;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#whole(begin, end).then((bytes) => this.onDataRange(begin, bytes), this.#broke);
  }

  async #whole(begin: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - begin);
    for (let at = begin; at < end; at += PIECE_BYTES_MAX) bytes.set(await this.#read(at, Math.min(PIECE_BYTES_MAX, end - at)), at - begin);
    return bytes;
  }
}

export async function openPdf(size: number, read: Read): Promise<Pdf> {
  if (size > PDF_BYTES_MAX) throw new Error("the file is too large to be shown");
  reader.GlobalWorkerOptions.workerSrc = worker;
  // The reader waits for what never comes: who reads says so.
  let broke: (thrown: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, refuse) => (broke = refuse));
  const task = reader.getDocument({
    range: new Ranges(size, read, (thrown) => broke(thrown)), length: size, rangeChunkSize: PIECE_BYTES, disableAutoFetch: true, disableStream: true,
    isEvalSupported: false, enableXfa: false, useWasm: false, useWorkerFetch: false,
    CMapReaderFactory: Maps, StandardFontDataFactory: Fonts,
  });
  broken.catch(() => void task.destroy());
  const document = await Promise.race([task.promise, broken]);
  const draw = drawer(document);
  return { pages: document.numPages, draw: (...asked) => Promise.race([draw(...asked), broken]), close: () => void task.destroy() };
}

function drawer(document: PDFDocumentProxy): Pdf["draw"] {
  let running: RenderTask | null = null;
  let turn = 0;
  return async (number, canvas, width) => {
    const mine = ++turn;
    running?.cancel();
    await running?.promise.catch(() => undefined);
    const page = await document.getPage(number);
    // A canvas takes one drawing at a time; the newest wish counts.
    if (mine !== turn) return;
    const whole = page.getViewport({ scale: 1 });
    const wanted = (width * window.devicePixelRatio) / whole.width;
    const scale = Math.min(wanted, SIDE_MAX / whole.width, SIDE_MAX / whole.height);
    const viewport = page.getViewport({ scale });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    running = page.render({ canvas, viewport });
    await running.promise;
  };
}
