import { expect, test } from "vitest";
import { FIRST, quietOf, wordsOf } from "../src/lib/notify";

test("quiet hours are read as they were written, and nothing else is", () => {
  expect(wordsOf(FIRST)).toBe("22:00-07:00 1234567");
  expect(quietOf("22:00-07:00 135")).toEqual({ from: "22:00", to: "07:00", days: [1, 3, 5] });
  expect(wordsOf({ from: "09:30", to: "09:30", days: [7, 1] })).toBe("09:30-09:30 17");
  for (const other of [null, "", "always", "22:00-07:00", "22:00-07:00 8"]) expect(quietOf(other)).toBeNull();
});
