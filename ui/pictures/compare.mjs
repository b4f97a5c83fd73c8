// Pictures as they are kept: half the size, WebP. Encoding and comparing is done by the browser that took them.

export async function shrink(page, png) {
  const webp = await page.evaluate(async (source) => {
    const bitmap = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width / 2);
    canvas.height = Math.round(bitmap.height / 2);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/webp", 0.72);
  }, `data:image/png;base64,${png.toString("base64")}`);
  return Buffer.from(webp.slice(webp.indexOf(",") + 1), "base64");
}

/** The share of points that differ visibly; 1 where the size differs. */
export async function difference(page, one, other) {
  const source = (webp) => `data:image/webp;base64,${webp.toString("base64")}`;
  return page.evaluate(async (sources) => {
    const VISIBLE = 28;
    const [a, b] = await Promise.all(sources.map(async (from) => {
      const bitmap = await createImageBitmap(await (await fetch(from)).blob());
      const canvas = document.createElement("canvas");
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      const pen = canvas.getContext("2d");
      pen.drawImage(bitmap, 0, 0);
      return pen.getImageData(0, 0, bitmap.width, bitmap.height);
    }));
    if (a.width !== b.width || a.height !== b.height) return 1;
    let differing = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      const far = Math.max(Math.abs(a.data[at] - b.data[at]), Math.abs(a.data[at + 1] - b.data[at + 1]), Math.abs(a.data[at + 2] - b.data[at + 2]));
      if (far > VISIBLE) differing++;
    }
    return differing / (a.data.length / 4);
  }, [source(one), source(other)]);
}
