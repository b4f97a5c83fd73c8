// Starts the user interface over the backend at hand.

import "@fontsource-variable/inter";
import "./skins/tokens.css";
import "./skins/daylight.css";
import "./skins/midnight.css";
import "./skins/persimmon.css";
import "./skins/bluehour.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/window.css";
import "./styles/people.css";
import "./styles/chat.css";
import "./styles/message.css";
import "./styles/composer.css";
import "./styles/activity.css";
import "./styles/card.css";
import "./styles/folder.css";
import "./styles/details.css";
import "./styles/linked.css";
import "./styles/overlays.css";
import "./styles/states.css";
import "./styles/transfers.css";
import "./styles/offers.css";
import "./styles/first.css";
import "./styles/settings.css";
import "./styles/switcher.css";
import "./styles/access.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { fontThere } from "./lib/font";
import type { Backend } from "./lib/backend/backend";
import { tauriBackend } from "./lib/backend/tauri";

// Where the time of a start goes: `pod-bench window` reads these marks.
performance.mark("pod:script");

// Fetched while the engine is asked.
void fontThere();

async function backend(): Promise<Backend> {
  // The fake is left out of what is shipped: the mode is known when the bundle is made.
  if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    if (!("__TAURI_INTERNALS__" in window)) {
      const { fakeFromAddress } = await import("./lib/backend/fake");
      return fakeFromAddress(location.search);
    }
  }
  return tauriBackend();
}

const target = document.getElementById("app");
if (target) {
  // The page is never a place to drop a file on by itself: that would leave the program.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => event.preventDefault());
  // Not awaited here: the fake imports what this module's file has, which must have ended for that.
  void backend().then((made) => mount(App, { target, props: { backend: made } }));
}
