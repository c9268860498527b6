/**
 * The offices installed here, read from data/channels/*.yaml and checked once. Next: deadlines.ts.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Channel } from "./channel.ts";

const installed = join(import.meta.dirname, "../../data/channels");

/** @throws naming the file and the field of whatever is wrong, an office named twice, or a reference to one that is not there. */
export function loadChannels(folder: string = installed): Channel[] {
  const channels = new Map<string, Channel>();
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()) {
    const file = join(folder, name);
    const read = z.strictObject({ channels: z.array(Channel).min(1) }).safeParse(parse(readFileSync(file, "utf8")));
    if (!read.success) {
      const { path, message } = read.error.issues[0]!;
      throw new Error(`${file}: ${path.join(".")}: ${message}`);
    }
    for (const channel of read.data.channels) {
      if (channels.has(channel.id)) throw new Error(`${file}: ${channel.id} is there twice`);
      channels.set(channel.id, channel);
    }
  }
  for (const { id, next, before } of channels.values()) {
    for (const other of [...next, ...before.flatMap(({ channel }) => channel ?? [])]) {
      if (!channels.has(other)) throw new Error(`${id} names ${other}, which is no channel`);
    }
  }
  return [...channels.values()];
}

let read: ReadonlyMap<string, Channel> | undefined;

/** The offices installed, by their id; read once. */
export function installedChannels(): ReadonlyMap<string, Channel> {
  read ??= new Map(loadChannels().map((channel) => [channel.id, channel]));
  return read;
}
