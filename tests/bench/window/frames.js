// How long each frame of the window takes while nothing happens.
const [frames] = arguments;
const frame = () => new Promise((done) => requestAnimationFrame(done));
const all = [];
return (async () => {
  let last = await frame();
  for (let n = 0; n < frames; n += 1) {
    const now = await frame();
    all.push(now - last);
    last = now;
  }
  return all;
})();
