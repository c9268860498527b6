/** Who may import whom (src/README.md says why). A planted violation proves that the check can fail. */
import { readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";

interface Import {
  from: string;
  /** A path inside the project (`src/…`, `test/…`), `node:…`, or a package's name. */
  to: string;
}

/** From the top of the house to the bottom; a folder may look only further down. `people` stands beside cases. */
const floors = [
  ["overview", "dossiers", "letters"],
  ["redaction"],
  ["corroboration", "imports", "rights"],
  ["complaints", "own-codes"],
  ["incidents"],
  ["findings"],
  ["codes", "notices", "evidence", "ledger", "negotiation", "repayment", "impact"],
  ["cases", "people"],
  ["history"],
  ["conduct", "platform", "typeset", "web"],
];
const floorOf = (path: string) => {
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  const floor = floors.findIndex((names) => names.includes(folder ?? ""));
  return floor === -1 ? null : floor;
};

const isRoutes = (path: string) => path.endsWith("/routes.ts");
const rules: Record<string, (edge: Import) => boolean> = {
  "a folder looks only down": ({ from, to }) => {
    const [above, below] = [floorOf(from), floorOf(to)];
    return above === null || below === null || isRoutes(from) || below >= above;
  },
  "the core imports zod and itself": ({ from, to }) =>
    !from.startsWith("src/conduct/") || to === "zod" || to.startsWith("src/conduct/"),
  "SQL lives in stores and in platform": ({ from, to }) =>
    !["kysely", "better-sqlite3", "pg"].includes(to.split("/")[0] ?? "") ||
    from.startsWith("src/platform/") ||
    /\/([a-z]+-)*store\.ts$/.test(from),
  "Express stays at the door": ({ from, to }) =>
    !["express", "multer", "ejs"].includes(to) ||
    /^src\/web\/|^src\/app\.ts$|\/(routes|upload|session|member|person)\.ts$/.test(from),
  "routes are mounted by app.ts alone": ({ from, to }) => !isRoutes(to) || from === "src/app.ts",
  "only the top composes": ({ from, to }) =>
    !/^src\/(app|main|cli|services)\.ts$/.test(to) ||
    !/^src\/[^/]+\//.test(from) ||
    from.startsWith("src/cli/") ||
    isServicesType(from, to),
  "nothing shipped imports a test": ({ to }) => !to.startsWith("test/"),
};
/** The type `Services` may be named anywhere above the ground floor. */
const isServicesType = (from: string, to: string) =>
  to === "src/services.ts" && !/^src\/(conduct|platform|web)\//.test(from);

/** Every import and re-export of one file, types and dynamic ones included. */
function importsOf(path: string, text: string): Import[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const named = [
    ...module.staticImports.map((one) => one.moduleRequest.value),
    ...module.staticExports.flatMap((one) =>
      one.entries.flatMap((e) => (e.moduleRequest ? [e.moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.flatMap((one) => {
      const source = text.slice(one.moduleRequest.start, one.moduleRequest.end);
      return /^["'].*["']$/.test(source) ? [source.slice(1, -1)] : [];
    }),
  ];
  return named.map((name) => ({
    from: path,
    to: name.startsWith(".") ? posix.join(posix.dirname(path), name) : packageOf(name),
  }));
}
const packageOf = (name: string) =>
  name.startsWith("node:")
    ? name
    : name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/");

function broken(files: Record<string, string>): string[] {
  const edges = Object.entries(files).flatMap(([path, text]) => importsOf(path, text));
  const faults = edges.flatMap((edge) =>
    Object.entries(rules).flatMap(([rule, holds]) => (holds(edge) ? [] : [`${rule}: ${edge.from} -> ${edge.to}`])),
  );
  return [...faults, ...cycles(edges).map((cycle) => `no cycles: ${cycle}`)];
}

/** Files that import each other in a ring, each ring once. */
function cycles(edges: Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, way: string[]): void => {
    const at = way.indexOf(file);
    if (at !== -1) {
      found.push([...way.slice(at), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const to of next.get(file) ?? []) walk(to, [...way, file]);
    done.add(file);
  };
  for (const file of next.keys()) walk(file, []);
  return found;
}

describe("who may import whom", () => {
  test("every import of src keeps to the plan", () => {
    const root = join(import.meta.dirname, "..");
    const paths = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => posix.join("src", name));
    expect(paths.length).toBeGreaterThan(80);
    expect(broken(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), "utf8")])))).toEqual([]);
  });

  test("a planted look up, an impure core, SQL outside a store and a ring are each found", () => {
    const planted = {
      "src/conduct/rule.ts": 'import { readFileSync } from "node:fs"; import type { Case } from "../cases/case.ts";',
      "src/cases/case.ts": 'export { list } from "../incidents/list.ts";',
      "src/incidents/list.ts": 'import { sql } from "kysely"; const x = await import("../cases/case.ts");',
      "src/evidence/show.ts":
        'import express from "express"; import { a } from "./routes.ts"; import "../../test/support/app.ts";',
    };
    expect(broken(planted).sort()).toEqual(
      [
        "Express stays at the door: src/evidence/show.ts -> express",
        "SQL lives in stores and in platform: src/incidents/list.ts -> kysely",
        "a folder looks only down: src/cases/case.ts -> src/incidents/list.ts",
        "a folder looks only down: src/conduct/rule.ts -> src/cases/case.ts",
        "no cycles: src/cases/case.ts -> src/incidents/list.ts -> src/cases/case.ts",
        "nothing shipped imports a test: src/evidence/show.ts -> test/support/app.ts",
        "routes are mounted by app.ts alone: src/evidence/show.ts -> src/evidence/routes.ts",
        "the core imports zod and itself: src/conduct/rule.ts -> node:fs",
        "the core imports zod and itself: src/conduct/rule.ts -> src/cases/case.ts",
      ].sort(),
    );
  });
});
