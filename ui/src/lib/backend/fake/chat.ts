// What the in-memory backend answers about messages beyond sending and reading them.

import type { Answer, Command } from "../api";
import type { FakeWorld } from "./answers";

export function answerChat(_world: FakeWorld, command: Command): Answer | null {
  if (command.do === "typing") return { is: "done" };
  return null;
}
