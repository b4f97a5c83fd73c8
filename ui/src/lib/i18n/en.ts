// English. The keys and placeholders here bind the other languages.

import { chat } from "./en/chat";
import { compare } from "./en/compare";
import { edit } from "./en/edit";
import { find } from "./en/find";
import { folder } from "./en/folder";
import { frame } from "./en/frame";
import { help } from "./en/help";
import { notify } from "./en/notify";
import { people } from "./en/people";
import { player } from "./en/player";
import { profile } from "./en/profile";
import { settings } from "./en/settings";
import { transfers } from "./en/transfers";

export const en = {
  ...chat,
  ...compare,
  ...edit,
  ...find,
  ...folder,
  ...frame,
  ...help,
  ...notify,
  ...people,
  ...player,
  ...profile,
  ...settings,
  ...transfers,

  "language.name": "English",

  "common.back": "Back",
  "common.cancel": "Cancel",
  "common.close": "Close",
  "common.more": "More",
  "common.less": "Less",
  "common.copied": "Copied",
  "common.retry": "Retry",
  "common.try_now": "Try now",
  "common.save": "Save",
  "common.you": "you",
  "common.loading": "Loading",
  "common.dismiss": "Dismiss",
  "common.undo": "Undo",
  "common.code": "Code {code}",

  "first.hero_1": "A room for talk.",
  "first.hero_2": "A folder for files.",
  "first.hero_3": "One and the same.",
  "first.hero_text": "Drop a file on the chat. It is in everyone’s folder.",
  "first.question": "How do you want to begin?",
  "first.hint": "You need one of these once on this computer.",
  "first.join": "Join with an invite link",
  "first.join_text": "Someone sent you a link or a code. Takes about a minute.",
  "first.host": "Start a server on this computer",
  "first.host_text": "Your rooms and files live here. You invite the others.",
  "first.sign_in": "Sign in to a server",
  "first.sign_in_text": "Your group already has one and you have a name and password.",
  "first.language": "Language",

  "account.title": "Your account on {server}",
  "account.title_own": "Your account",
  "account.text": "Others find you by these.",
  "account.name": "Name",
  "account.name_hint": "To sign in and to be found. It stays as it is.",
  "account.display_name": "Shown as",
  "account.display_name_hint": "What others see. Left empty, it is your name.",
  "account.password": "Password",
  "account.password_hint": "8 characters or more.",
  "account.setup": "Setup code",
  "account.setup_hint": "Printed by the server when it was first started.",
  "account.create": "Create account",
  "account.show_password": "Show password",
  "account.hide_password": "Hide password",
  "account.have_one": "I have an account already",
  "account.new_one": "I have no account yet",

  "sign_in.title": "Sign in to a server",
  "sign_in.text": "Your rooms and files come by themselves.",
  "sign_in.server": "Server",
  "sign_in.server_hint": "An address or an invite link from the group.",
  "sign_in.button": "Sign in",
  "sign_in.again": "Sign in again",
  "sign_in.again_text": "This computer was signed out. What waits here is sent after you sign in.",

  "crash.text": "Pod stopped unexpectedly last time. What happened is written in {path}.",

  "fatal.title": "Pod cannot show its window",
  "fatal.text": "Your messages and files are safe. Start Pod again.",
  "broken.title": "This window stopped working",
  "broken.text": "Your messages and files are safe. Load the window again to go on.",
  "broken.again": "Load again",
  "broken.note": "Something in this window did not work. If it looks wrong, load it again.",

  "signed_out.title": "Sign in again in the main window",
};
