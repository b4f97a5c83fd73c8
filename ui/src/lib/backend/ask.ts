// Asks a command and unwraps its answer, so that callers name what they expect once.

import type { Answer, Command } from "./bindings";
import { type Backend, Refused } from "./backend";

type ValueOf<K extends Answer["is"]> = Extract<Answer, { is: K }> extends { value: infer V } ? V : null;

/** The value of the answer; another kind of answer than expected is a defect and refused as one. */
export async function ask<K extends Answer["is"]>(backend: Backend, expected: K, command: Command): Promise<ValueOf<K>> {
  const answer = await backend.run(command);
  if (answer.is !== expected) {
    throw new Refused({ code: "internal", message: `${command.do} was answered with ${answer.is}`, retry: "never" });
  }
  return ("value" in answer ? answer.value : null) as ValueOf<K>;
}

/** For commands that are done at once or kept until the other side has it. */
export async function tell(backend: Backend, command: Command): Promise<"done" | "pending"> {
  const answer = await backend.run(command);
  return answer.is === "pending" ? "pending" : "done";
}
