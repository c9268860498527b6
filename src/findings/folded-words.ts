/** Hurting words stay folded away until asked for: an explanation keeps its place for them, and a page shows them where one opens it. */
export const withWordsFolded = (explanation: string): string => explanation.replaceAll(/“[^”]*”/gu, "“…”");
