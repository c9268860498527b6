/** What the pages about offices print: everything the file says of one, and how far it was checked. */
import { type Channel, type Checked, type Clock, channelKinds } from "./channel.ts";
import type { Reader } from "./reader.ts";

export interface ChannelsPage {
  title: string;
  countries: { name: string; channels: { id: string; name: string; kind: string; takes: string; checked: string }[] }[];
}

export interface ChannelPage {
  title: string;
  /** A way back into a case, when one comes from there. */
  back: string;
  kind: string;
  country: string;
  version: string;
  checked: { how: Checked["how"]; text: string };
  rows: { label: string; lines: string[] }[];
  wants: { label: string; required: boolean; hint: string | null }[];
  keepOut: string | null;
  before: { text: string; href: string | null; checked: string }[];
  clocks: {
    step: string;
    who: string;
    period: string;
    only: string | null;
    whenOver: string;
    checked: string;
    computed: boolean;
  }[];
  next: { name: string; href: string }[];
}

export function channelsPage(reader: Reader, channels: ReadonlyMap<string, Channel>): ChannelsPage {
  const { t, locale } = reader;
  const byCountry = Map.groupBy(channels.values(), ({ country }) => country);
  return {
    title: t("complaints.channels.title"),
    countries: [...byCountry]
      .map(([country, all]) => ({
        country,
        name: countryName(reader, country),
        channels: all
          .toSorted((a, b) => channelKinds.indexOf(a.kind) - channelKinds.indexOf(b.kind))
          .map(({ id, name, kind, takes, checked }) => ({
            id,
            name: name[locale],
            kind: t(`complaints.kind.${kind}`),
            takes: takes[locale],
            checked: t(`complaints.checked.${checked.how}`),
          })),
      }))
      .sort((a, b) => b.channels.length - a.channels.length || (a.country < b.country ? -1 : 1)),
  };
}

export function channelPage(reader: Reader, channel: Channel, channels: ReadonlyMap<string, Channel>): ChannelPage {
  const { t, format, locale } = reader;
  const { attachments, keepOut } = channel;
  const rows = [
    ["takes", [channel.takes[locale]]],
    ["takesNot", channel.takesNot === undefined ? [] : [channel.takesNot[locale]]],
    ["whoMayFile", channel.whoMayFile === undefined ? [] : [channel.whoMayFile[locale]]],
    ["reach", channel.reach],
    ["reads", (channel.reads ?? []).map((language) => t(`complaints.draft.language.${language}`))],
    [
      "attachments",
      attachments === undefined
        ? []
        : [
            ...(attachments.files === undefined ? [] : [t("complaints.channel.files", { count: attachments.files })]),
            ...(attachments.bytes === undefined ? [] : [format.bytes(attachments.bytes)]),
            ...(attachments.note === undefined ? [] : [attachments.note[locale]]),
          ],
    ],
  ] as const;
  return {
    title: channel.name[locale],
    back: "/channels",
    kind: t(`complaints.kind.${channel.kind}`),
    country: countryName(reader, channel.country),
    version: channel.version,
    checked: { how: channel.checked.how, text: checkedText(reader, channel.checked) },
    rows: rows
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) => ({ label: t(`complaints.channel.${name}`), lines: [...lines] })),
    wants: channel.wants.map(({ label, required, longest, hint }) => ({
      label: label[locale],
      required,
      hint:
        [
          ...(longest === undefined ? [] : [t("complaints.channel.longest", { n: format.number(longest) })]),
          ...(hint === undefined ? [] : [hint[locale]]),
        ].join(locale === "en" ? " " : "") || null,
    })),
    keepOut:
      keepOut.length === 0
        ? null
        : t("complaints.channel.keepOut", {
            list: format.list(keepOut.map((kind) => t(`complaints.private.${kind}`))),
          }),
    before: channel.before.map(({ what, channel: first, checked }) => ({
      text: what[locale],
      href: first === undefined ? null : `/channels/${first}`,
      checked: checkedText(reader, checked),
    })),
    clocks: channel.clocks.map((clock) => ({
      step: clock.step[locale],
      who: t(`complaints.who.${clock.who}`),
      period: periodText(reader, channel, clock),
      only: clock.only?.[locale] ?? null,
      whenOver: clock.whenOver[locale],
      checked: checkedText(reader, clock.checked),
      computed: clock.checked.how !== "unverified",
    })),
    next: channel.next.flatMap((id) => {
      const after = channels.get(id);
      return after === undefined ? [] : [{ name: after.name[locale], href: `/channels/${id}` }];
    }),
  };
}

/** "15 days from the filing" */
function periodText({ t, locale }: Reader, channel: Channel, clock: Clock): string {
  const { starts, amount, unit } = clock;
  const period = t(`complaints.unit.${unit}`, { count: amount });
  if (typeof starts === "string")
    return t("complaints.channel.from", { period, start: t(`complaints.start.${starts}`) });
  const before = channel.clocks.find(({ id }) => id === starts.after);
  return t("complaints.channel.after", { period, step: before?.step[locale] ?? starts.after });
}

/** How far a fact was checked, its text and what limits it. */
export function checkedText({ t, locale }: Reader, { how, cite, note }: Checked): string {
  return [t(`complaints.checked.${how}`), cite, note?.[locale]].filter((part) => part !== undefined).join(" · ");
}

const countryName = ({ locale }: Reader, country: string): string =>
  new Intl.DisplayNames([locale], { type: "region" }).of(country) ?? country;
