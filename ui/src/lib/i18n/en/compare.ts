// Two versions of a text compared, in English.

export const compare = {
  "compare.title": "Changes in {file}",
  "compare.which": "Version {before} and version {after}",
  "compare.with_newest": "Compare version {n} with the newest",
  "compare.same": "Unchanged",
  "compare.gone": "Gone",
  "compare.came": "New",
  "compare.gap": { one: "{n} unchanged line", other: "{n} unchanged lines" },
  "compare.equal": "Both say the same.",
  "compare.beginning": "Only the beginning of both is compared.",
};
