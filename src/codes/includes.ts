/**
 * Codes that include others: what a choice of codes stands for, and what can be wrong with it. The only place that follows `includes`;
 * the app's library and the command line both ask here. Pure. Next: library.ts.
 */
import type { Problem } from "../conduct/code-problems.ts";
import { say } from "../conduct/sentences.ts";

interface Including {
  id: string;
  includes?: readonly string[] | undefined;
}

/**
 * The codes of these ids and everything that they include, a code before what it includes and each once, however often it was chosen or
 * included. Ids that `find` does not know are left out.
 */
export function expandCodes<T extends Including>(ids: readonly string[], find: (id: string) => T | undefined): T[] {
  const expanded = new Map<string, T>();
  const add = (id: string): void => {
    const code = expanded.has(id) ? undefined : find(id);
    if (code === undefined) return;
    expanded.set(id, code);
    code.includes?.forEach(add);
  };
  ids.forEach(add);
  return [...expanded.values()];
}

/** Includes that are not there, and includes that lead back to the code itself. */
export function problemsOfIncludes(code: Including, find: (id: string) => Including | undefined): Problem[] {
  const problems: Problem[] = [];
  (code.includes ?? []).forEach((id, index) => {
    const back = id === code.id ? [id] : wayTo(code.id, id, find);
    if (back !== undefined)
      problems.push({ path: ["includes", index], why: leadsBack([code.id, ...back].join(" → ")) });
    else if (find(id) === undefined)
      problems.push({
        path: ["includes", index],
        why: say(`${id} is not a code of conduct that is installed here`, `${id} 不是这里已安装的行为规范`),
      });
  });
  return problems;
}

const leadsBack = (way: string) => say(`leads back to itself: ${way}`, `绕回了自身：${way}`);

/** The ids from one code through its includes to another; undefined when none lead there. */
function wayTo(goal: string, from: string, find: (id: string) => Including | undefined): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  // Grows while it is walked: a code's includes are looked at after the code.
  for (const id of cameFrom.keys()) {
    for (const next of find(id)?.includes ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      if (next !== goal) continue;
      const way: string[] = [];
      for (let at: string | undefined = next; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
      return way;
    }
  }
  return undefined;
}
