/**
 * The difference of two texts by lines: the shortest way from one to the other (Myers, "An O(ND) Difference Algorithm", 1986), with the
 * lines round each change. Texts that differ in very many lines are told as one replaced part, so that time stays bounded. Pure.
 */

export interface DiffLine {
  kind: "same" | "gone" | "new";
  text: string;
  /** Line numbers from 1 in the old and the new text; null where it is not in it. */
  before: number | null;
  after: number | null;
}

/** More single changes than this are not looked for one by one. */
const MOST_CHANGES = 500;
const ROUND = 3;

/** Groups of lines with changes, in order; what lies between is equal. */
export function differenceOf(before: string, after: string): DiffLine[][] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const steps = shortest(a.slice(start, a.length - end), b.slice(start, b.length - end));

  const lines: DiffLine[] = [];
  let [x, y] = [0, 0];
  const same = (count: number) => {
    for (let n = 0; n < count; n++, x++, y++)
      lines.push({ kind: "same", text: a[x] ?? "", before: x + 1, after: y + 1 });
  };
  same(start);
  for (const step of steps) {
    if (step === "same") same(1);
    else if (step === "gone") lines.push({ kind: "gone", text: a[x] ?? "", before: ++x, after: null });
    else lines.push({ kind: "new", text: b[y] ?? "", before: null, after: ++y });
  }
  same(end);
  return grouped(lines);
}

function shortest(a: readonly string[], b: readonly string[]): DiffLine["kind"][] {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let changes = 0; changes <= most; changes++) {
    trace.push(new Map(furthest));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const down =
        diagonal === -changes ||
        (diagonal !== changes && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
      let x = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkedBack(trace, a.length, b.length);
    }
  }
  return [...a.map(() => "gone" as const), ...b.map(() => "new" as const)];
}

function walkedBack(trace: readonly Map<number, number>[], fromX: number, fromY: number): DiffLine["kind"][] {
  const steps: DiffLine["kind"][] = [];
  let [x, y] = [fromX, fromY];
  for (let changes = trace.length - 1; changes >= 0; changes--) {
    const furthest = trace[changes]!;
    const diagonal = x - y;
    const down =
      diagonal === -changes ||
      (diagonal !== changes && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
    const cameFrom = down ? diagonal + 1 : diagonal - 1;
    const cameX = furthest.get(cameFrom) ?? 0;
    const cameY = cameX - cameFrom;
    for (; x > cameX && y > cameY; x--, y--) steps.push("same");
    if (changes > 0) steps.push(down ? "new" : "gone");
    [x, y] = [cameX, cameY];
  }
  return steps.toReversed();
}

/** The changes, each with the lines round it. */
function grouped(lines: readonly DiffLine[]): DiffLine[][] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, index) => {
    if (kind !== "same") near.fill(1, Math.max(0, index - ROUND), index + ROUND + 1);
  });
  const groups: DiffLine[][] = [];
  lines.forEach((line, index) => {
    if (near[index] === 0) return;
    if (index === 0 || near[index - 1] === 0) groups.push([]);
    groups.at(-1)?.push(line);
  });
  return groups;
}
