// Opens each room once and waits until its messages are drawn.
const [rooms] = arguments;
const frame = () => new Promise((done) => requestAnimationFrame(done));
return (async () => {
  for (const room of rooms) {
    document.querySelector(`[data-testid=room][data-room="${room}"]`).click();
    while (!document.querySelector(`[data-testid=chat][data-room="${room}"] [data-testid=log] .bub`)) await frame();
    await frame();
  }
})();
