/** What axe finds wrong with the page a browser shows. Its script is put in and run directly: the usual wrapper takes twice as long. */
import axe, { type NodeResult, type RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** Rules by name, or all that carry one of these tags. */
type Asked = { rules: string[] } | { tags: string[] };

/** One sentence for each rule that is broken, with the first two places. */
export async function axeFaults(page: Page, asked: Asked): Promise<string[]> {
  await page.evaluate(axe.source);
  const options: RunOptions = {
    runOnly: "rules" in asked ? { type: "rule", values: asked.rules } : { type: "tag", values: asked.tags },
    // Asked for faults only, axe does not write down every part that is sound.
    resultTypes: ["violations"],
  };
  const broken = await page.evaluate<{ id: string; nodes: Pick<NodeResult, "html">[] }[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) =>
       violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`,
  );
  return broken.map(({ id, nodes }) => {
    const places = nodes.slice(0, 2).map(({ html }) => html.slice(0, 160));
    return `axe ${id}: ${places.join(" | ")}`;
  });
}
