/** `dunwatch deadlines --channel ID --filed DATE [--json]`: when each step of a complaint is due, with its arithmetic. */
import { parseArgs } from "node:util";
import type { Channel } from "../complaints/channel.ts";
import { type Step, deadlinesOf } from "../complaints/deadlines.ts";
import { loadChannels } from "../complaints/load-channels.ts";
import { workingDaysOf } from "../complaints/working-days.ts";
import { BadInput, orBadInput } from "./bad-input.ts";
import { channelNamed } from "./channel-named.ts";

const usage = "usage: dunwatch deadlines --channel ID --filed YYYY-MM-DD [--json]";

export function run(args: string[]): Promise<number> {
  return orBadInput(async () => {
    const { channel: id, filed, json } = options(args);
    const channels = loadChannels();
    const channel = channelNamed(channels, id);
    const steps = deadlinesOf(channel, { filed }, workingDaysOf(channel.country));
    process.stdout.write(json ? `${JSON.stringify(steps.map(asJson), null, 2)}\n` : asText(channel, steps));
    return 0;
  });
}

function options(args: string[]): { channel: string; filed: string; json: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { channel: { type: "string" }, filed: { type: "string" }, json: { type: "boolean", default: false } },
    });
    const { channel, filed, json } = values;
    if (channel === undefined || filed === undefined) throw new Error(usage);
    return { channel, filed: dateNamed(filed), json };
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput((error as Error).message);
  }
}

function dateNamed(text: string): string {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch {
    // Said below.
  }
  throw new BadInput(`--filed: ${text} is not a date that exists; write it as 2026-02-03`);
}

/** The public shape of contracts; `when` and `worked` are additions. */
const asJson = ({ step, from, due, unit, counted, skipped, worked, estimated, clock }: Step) => ({
  step,
  due,
  unit,
  counted,
  skipped: skipped.map(({ date, why }) => ({ date, why: why.en })),
  from,
  worked: worked.map(({ date, why }) => ({ date, why: why.en })),
  ...(clock.only === undefined ? {} : { only: clock.only.en }),
  ...(estimated ? { estimated } : {}),
});

function asText(channel: Channel, steps: readonly Step[]): string {
  const lines = steps.flatMap(({ due, from, unit, counted, skipped, worked, estimated, clock }) => [
    `${due}  ${clock.step.en}${clock.only === undefined ? "" : ` (${clock.only.en})`}`,
    `            ${counted.length} × ${unit} after ${from}${clock.checked.cite === undefined ? "" : `; ${clock.checked.cite}`}`,
    ...skipped.map(({ date, why }) => `            not counted: ${date} ${why.en}`),
    ...worked.map(({ date, why }) => `            counted: ${date} ${why.en}`),
    ...(estimated ? ["            the holidays of that year are not published yet: this may change"] : []),
    `            then: ${clock.whenOver.en}`,
  ]);
  if (lines.length === 0) lines.push("No time limit of this office could be verified.");
  return `${channel.name.en} / ${channel.name["zh-CN"]}\n${lines.join("\n")}\n`;
}
