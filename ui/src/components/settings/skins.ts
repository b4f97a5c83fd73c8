// Why a file was not taken as a skin, as a sentence: which word of it, and what is wrong with that.

import type { Words } from "../../lib/i18n/i18n.svelte";
import type { SkinFault } from "../../lib/skin/file";

export function faultSentence(words: Words, fault: SkinFault): string {
  switch (fault.kind) {
    case "token":
    case "value":
      return words.t(`settings.skin_fault_${fault.kind}`, { token: fault.token.slice(0, 40) });
    case "faint":
      return words.t("settings.skin_fault_faint", { ink: fault.ink, ground: fault.ground, is: words.ratio(fault.is), least: words.ratio(fault.least) });
    case "no_skin":
    case "newer":
    case "name":
    case "base":
      return words.t(`settings.skin_fault_${fault.kind}`);
  }
}
