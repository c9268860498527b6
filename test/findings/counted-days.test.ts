/** The stair of a count over several days: every contact a dot, those over the limit marked, the limit and the window drawn, words escaped. */
import { expect, test } from "vitest";
import { countedDays } from "../../src/web/charts/counted-days.ts";

const words = { first: "10 Oct", last: "16 Oct", limit: "7 <are> allowed" };
const dots = Array.from({ length: 9 }, (_, n) => ({ day: Math.min(n, 6), own: n === 8 }));
const drawn = countedDays({ days: 7, dots, limit: 7, words, label: "9 contacts" });
const [wide = "", phone = ""] = drawn.split(/(?<=<\/svg>)/);

test.each([
  ["wide", wide],
  ["phone", phone],
])("on a %s screen", (size, svg) => {
  expect(svg).toContain(`dw-strip--${size}`);
  expect(svg).toContain('role="img" aria-label="9 contacts"');
  expect(svg.match(/class="dw-dot"/g)).toHaveLength(7);
  expect(svg.match(/class="dw-dot dw-dot--in"/g)).toHaveLength(2);
  expect(svg.match(/dw-count__own/g)).toHaveLength(1);
  expect(svg).toContain("7 &lt;are&gt; allowed");
  // Time goes right and the count goes up; the line of the limit passes through the last dot within it.
  const places = [...svg.matchAll(/class="dw-dot[^"]*" d="M([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  for (const [n, [x = 0, y = 0]] of places.entries()) {
    if (n === 0) continue;
    expect(x).toBeGreaterThan(places[n - 1]![0]!);
    expect(y).toBeLessThan(places[n - 1]![1]!);
  }
  expect(Number(/dw-count__limit" d="M12 ([\d.]+)/.exec(svg)?.[1])).toBeCloseTo(places[6]![1]!);
  expect(svg).not.toMatch(/NaN|undefined/);
});
