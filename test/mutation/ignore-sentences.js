/** Leaves the sentences of explanations alone: what `say` and `both` hold is read by people, and its words are not logic. */
const sentence = new Set(["say", "both"]);

/** As Stryker's plugins are declared. */
export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "sentences",
    value: {
      shouldIgnore: ({ node }) =>
        node.type === "CallExpression" && sentence.has(node.callee.name) ? "the words of a sentence" : undefined,
    },
  },
];
