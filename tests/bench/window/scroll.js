// Scrolls the open chat up and then down, a wheel's step each frame; answers how long each frame took.
const [frames] = arguments;
const log = document.querySelector("[data-testid=log]");
const frame = () => new Promise((done) => requestAnimationFrame(done));
const all = [];
return (async () => {
  let last = await frame();
  for (let n = 0; n < frames * 2; n += 1) {
    log.scrollTop += n < frames ? -90 : 90;
    const now = await frame();
    all.push(now - last);
    last = now;
  }
  return all;
})();
