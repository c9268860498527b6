/** The office that a person at a terminal means. */
import type { Channel } from "../complaints/channel.ts";
import { BadInput } from "./bad-input.ts";

/**
 * By its id, or by what follows the country where that says enough: `12378`, `cfpb`; a case's country decides between several.
 * @throws BadInput naming the offices there are.
 */
export function channelNamed(channels: readonly Channel[], id: string, country: string | null = null): Channel {
  const found = channels.filter((channel) => channel.id === id || channel.id.replace(/^[a-z]{2}-/, "") === id);
  const near = found.filter((channel) => channel.country === country);
  const exact = found.find((channel) => channel.id === id) ?? [near, found].find((some) => some.length === 1)?.[0];
  if (exact !== undefined) return exact;
  const known = channels.map((channel) => channel.id).join(", ");
  throw new BadInput(
    `--channel: ${id} ${found.length > 1 ? "could be several offices" : "is not one of the offices"} (${known})`,
  );
}
