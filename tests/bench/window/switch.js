// Clicks the rows of two rooms in turn; answers the milliseconds until a message of the room was drawn, for each.
const [first, second, times] = arguments;
const drawn = (room) =>
  document.querySelector(`[data-testid=chat][data-room="${room}"] [data-testid=log] .bub`) !== null;
const frame = () => new Promise((done) => requestAnimationFrame(done));
const all = [];
return (async () => {
  for (let n = 0; n < times; n += 1) {
    const room = n % 2 === 0 ? first : second;
    const began = performance.now();
    document.querySelector(`[data-testid=room][data-room="${room}"]`).click();
    while (!drawn(room)) await frame();
    await frame();
    all.push(performance.now() - began);
  }
  return all;
})();
