// The backend over Tauri: the only file that imports `@tauri-apps/*`. See SHELL.md for the other end.

import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";
import type { AccountId, Answer, Command, EntryId, OfferId, RoomId, TransferId } from "./bindings";
import {
  type Backend,
  type DraggedOut,
  type Held,
  type HostInfo,
  type HostStarted,
  type Opened,
  type Playing,
  type PlayStanding,
  type Reach,
  Refused,
  type ShellEvents,
  type Stop,
  type WindowAct,
  type WindowInfo,
} from "./backend";

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw Refused.from(thrown);
  }
}

export function tauriBackend(): Backend {
  // `preview://localhost/`, and `http://preview.localhost/` on Windows.
  const pictures = convertFileSrc("", "preview");
  return {
    run: (command: Command) => call<Answer>("run", { command }),
    info: () => call<WindowInfo>("window_info"),
    act: (act: WindowAct) => call<void>("window_act", { act }),
    title: (title: string) => call<void>("window_title", { title }),
    openRoomWindow: (room: RoomId) => call<void>("open_room_window", { room }),
    openFolderWindow: (room: RoomId, entry: EntryId | null) => call<void>("open_folder_window", { room, entry }),
    fold: (folded: boolean) => call<void>("window_fold", { folded }),
    top: (on: boolean) => call<void>("window_top", { on }),
    looking: (rooms: RoomId[]) => call<void>("looking", { rooms }),
    openEntry: (entry: EntryId) => call<Opened>("open_entry", { entry }),
    editEntry: (entry: EntryId) => call<Opened>("edit_entry", { entry }),
    showEntry: (entry: EntryId) => call<Opened>("show_entry", { entry }),
    play: (entry: EntryId) => call<Playing>("play", { entry }),
    playing: (number: number) => call<PlayStanding>("playing", { number }),
    playEnd: (number: number) => call<void>("play_end", { number }),
    pickFiles: (room: RoomId, parent: EntryId | null) => call<number>("pick_files", { room, parent }),
    dropOn: (drop: number, room: RoomId, parent: EntryId | null) => call<number>("drop_on", { drop, room, parent }),
    held: (drop: number) => call<Held>("held", { drop }),
    heldRelease: (drop: number, index: number | null) => call<void>("held_release", { drop, index }),
    pickHeld: (room: RoomId) => call<number | null>("pick_held", { room }),
    paste: () => call<number | null>("paste"),
    pickRoomPicture: (room: RoomId) => call<boolean>("pick_room_picture", { room }),
    offerOn: (drop: number, account: AccountId) => call<number>("offer_on", { drop, account }),
    pickOffer: (account: AccountId) => call<number>("pick_offer", { account }),
    linkFolder: (room: RoomId, entry: EntryId | null) => call<boolean>("link_folder", { room, entry }),
    acceptInto: (offers: OfferId[], always: boolean) => call<boolean>("accept_into", { offers, always }),
    openTransfers: () => call<void>("open_transfers_window"),
    openTransfer: (id: TransferId) => call<void>("open_transfer", { id }),
    showTransfer: (id: TransferId) => call<void>("show_transfer", { id }),
    pickTransfersFolder: () => call<boolean>("pick_transfers_folder"),
    pickSkin: () => call<string | null>("pick_skin"),
    dragOut: (entries: EntryId[]) => call<DraggedOut>("drag_out", { entries }),
    dragReceived: (ids: TransferId[]) => call<void>("drag_received", { ids }),
    openLink: (url: string) => call<void>("open_link", { url }),
    autostart: () => call<boolean>("autostart_get"),
    setAutostart: (on: boolean) => call<void>("autostart_set", { on }),
    previewUrl: (entry: EntryId, version: number) => `${pictures}entry/${entry}?v=${version}`,
    roomPictureUrl: (room: RoomId, digest: string) => `${pictures}room/${room}?v=${digest}`,
    heldUrl: (drop: number, index: number) => `${pictures}held/${drop}/${index}`,
    fileUrl: (entry: EntryId, version: number) => `${pictures}file/${entry}?v=${version}`,
    async piece(entry: EntryId, version: number, from: number, bytes: number) {
      const answer = await fetch(`${pictures}piece/${entry}/${version}/${from}/${bytes}`);
      if (!answer.ok) throw new Refused({ code: "unavailable", message: `the file answered ${answer.status}`, retry: "after" });
      return new Uint8Array(await answer.arrayBuffer());
    },
    hostInfo: () => call<HostInfo>("host_info"),
    hostFolder: () => call<HostInfo | null>("host_folder"),
    hostStart: (name: string, reach: Reach) => call<HostStarted>("host_start", { name, reach }),
    hostStop: () => call<HostInfo>("host_stop"),
    crashSeen: () => call<void>("crash_seen"),
    touched: () => call<void>("touched"),
    async on<K extends keyof ShellEvents>(name: K, hear: (payload: ShellEvents[K]) => void): Promise<Stop> {
      // Listens as this window, so that what is meant for another window alone is not heard.
      return getCurrentWebviewWindow().listen<ShellEvents[K]>(name, (event) => hear(event.payload));
    },
  };
}
