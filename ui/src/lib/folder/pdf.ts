// Draws the pages of a PDF. This file, and the reader with it, is loaded when the first PDF is looked at; it runs in its own worker from our own
// files, evaluates nothing, and fetches nothing but the file and the character maps and fonts that are shipped with it.

import type { PDFDocumentProxy, RenderTask } from "pdfjs-dist";
import * as reader from "pdfjs-dist/legacy/build/pdf.mjs";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

/** What is larger is not read into the page. */
export const PDF_BYTES_MAX = 64 * 1024 * 1024;
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

export async function openPdf(url: string): Promise<Pdf> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the file answered ${answer.status}`);
  const data = await answer.arrayBuffer();
  if (data.byteLength > PDF_BYTES_MAX) throw new Error("the file is too large to be shown");
  reader.GlobalWorkerOptions.workerSrc = worker;
  const task = reader.getDocument({
    data, isEvalSupported: false, enableXfa: false, useWasm: false, useWorkerFetch: false,
    CMapReaderFactory: Maps, StandardFontDataFactory: Fonts,
  });
  const document = await task.promise;
  return { pages: document.numPages, draw: drawer(document), close: () => void task.destroy() };
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
