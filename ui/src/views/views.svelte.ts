// The views of the windows that are not the first one a person sees; each is fetched by the window that shows it.

import { Part } from "../components/frame/parts.svelte";

export const views = {
  begin: new Part(() => import("./FirstRun.svelte")),
  signIn: new Part(() => import("./SignInAgain.svelte")),
  folder: new Part(() => import("./FolderWindow.svelte")),
  transfers: new Part(() => import("./TransfersWindow.svelte")),
};
