/** The words of complaint channels: every name of the taxonomy once, every act and every rule accounted for, shown beside a rule. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CodeLibrary, createCodeLibrary } from "../../src/codes/library.ts";
import {
  ChannelVocabulary,
  channelNames,
  cfpbVocabulary,
  namesOfAct,
  namesOfRule,
} from "../../src/codes/vocabularies.ts";

/** The form's taxonomy of debt collection: today's issues with their sub-issues. */
const taxonomy = {
  "Attempts to collect debt not owed": [
    "Debt is not yours",
    "Debt was result of identity theft",
    "Debt was paid",
    "Debt was already discharged in bankruptcy and is no longer owed",
  ],
  "Written notification about debt": [
    "Didn't receive enough information to verify debt",
    "Didn't receive notice of right to dispute",
    "Notification didn't disclose it was an attempt to collect a debt",
  ],
  "Took or threatened to take negative or legal action": [
    "Threatened or suggested your credit would be damaged",
    "Threatened to sue you for very old debt",
    "Sued you without properly notifying you of lawsuit",
    "Seized or attempted to seize your property",
    "Threatened to arrest you or take you to jail if you do not pay",
    "Collected or attempted to collect exempt funds",
    "Sued you in a state where you do not live or did not sign for the debt",
    "Threatened to turn you in to immigration or deport you",
  ],
  "False statements or representation": [
    "Attempted to collect wrong amount",
    "Impersonated attorney, law enforcement, or government official",
    "Indicated you were committing crime by not paying debt",
    "Told you not to respond to a lawsuit they filed against you",
  ],
  "Communication tactics": [
    "Frequent or repeated calls",
    "You told them to stop contacting you, but they keep trying",
    "Used obscene, profane, or other abusive language",
    "Called before 8am or after 9pm",
  ],
  "Electronic communications": [
    "Frequent or repeated messages",
    "You told them to stop contacting you, but they keep trying",
    "Contacted before 8am or after 9pm",
    "Used obscene, profane, or other abusive language",
  ],
  "Threatened to contact someone or share information improperly": [
    "Talked to a third-party about your debt",
    "Contacted your employer",
    "Contacted you after you asked them to stop",
    "Contacted you instead of your attorney",
  ],
};

const cfpb = cfpbVocabulary();
const pairs = (names: { issue: string; subIssue: string | null }[]) =>
  names.map((one) => `${one.issue} › ${one.subIssue}`);

describe("the names of the CFPB's form", () => {
  let library: CodeLibrary;
  beforeAll(async () => {
    library = await createCodeLibrary();
  });

  it("are those of the taxonomy, each once", () => {
    const ours = Object.fromEntries(
      cfpb.issues.map(({ name, subIssues }) => [name, subIssues.flatMap((one) => one.name ?? [])]),
    );
    expect(ours).toEqual(taxonomy);
  });

  const complaints = join(process.env.DUNWATCH_DATA ?? join(import.meta.dirname, "../../../shared/data"), "cfpb");
  const counts = join(complaints, "sub_issue_taxonomy_counts.csv");
  it.skipIf(!existsSync(counts))("hold every name, old and new, that real complaints bear", () => {
    const known = new Set(
      cfpb.issues.flatMap(({ name: issue, subIssues }) =>
        subIssues.flatMap(({ name, former }) => [
          `${issue},${name}`,
          ...former.map((one) => `${one.issue},${one.name}`),
        ]),
      ),
    );
    const lines = readFileSync(counts, "utf8").trim().split("\n").slice(1);
    const borne = lines.map((line) => line.replace(/,\d+,\d+\s*$/, "").replaceAll('"', ""));
    expect(borne.length).toBeGreaterThan(40);
    expect(borne.filter((name) => !known.has(name))).toEqual([]);
  });

  it("refuse an act that is forgotten, and a sub-issue without any name", () => {
    const forgotten = { ...cfpb, unnamed: cfpb.unnamed.slice(1) };
    expect(ChannelVocabulary.safeParse(forgotten).error?.issues[0]?.message).toBe(
      "every act must stand with a sub-issue or among the unnamed",
    );
    const nameless = { ...cfpb, issues: [{ name: "x", "zh-CN": "某", subIssues: [{ acts: ["insult"] }] }] };
    expect(ChannelVocabulary.safeParse(nameless).error?.issues[0]?.message).toMatch(/needs a name/);
  });

  it("name no rule that is not in a code", () => {
    const ids = new Set(library.all().flatMap(({ rules }) => rules.map(({ id }) => id)));
    const named = cfpb.issues.flatMap(({ subIssues }) => subIssues.flatMap(({ rules }) => rules ?? []));
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  it("come from the rule itself, else from its topic and acts", () => {
    const names = (code: string, rule: string) => pairs(namesOfRule(cfpb, library.rule(code, rule)!));
    const us = "us-fdcpa-regulation-f";
    expect(names(us, "us.freq.7in7")).toEqual(["Communication tactics › Frequent or repeated calls"]);
    expect(names(us, "us.timebarred")).toEqual([
      "Took or threatened to take negative or legal action › Threatened to sue you for very old debt",
    ]);
    expect(names("id-pojk-22-2023", "id.time")).toEqual([
      "Communication tactics › Called before 8am or after 9pm",
      "Electronic communications › Contacted before 8am or after 9pm",
    ]);
    expect(names("ph-sec-mc-18-2019", "ph.abuse")).toEqual([
      "Communication tactics › Used obscene, profane, or other abusive language",
      "Electronic communications › Used obscene, profane, or other abusive language",
    ]);
    expect(pairs(namesOfAct(cfpb, "threat-of-lawsuit"))).toEqual([
      "Took or threatened to take negative or legal action › null",
    ]);
    expect(namesOfAct(cfpb, "threat-of-violence")).toEqual([]);
  });

  it("are told in the reader's language, the original beside the Chinese, with what they were called before", () => {
    const rule = library.rule("us-fdcpa-regulation-f", "us.attorney")!;
    expect(channelNames(rule, "zh-CN").issues).toEqual([
      {
        text: "威胁不当联系他人或透露信息",
        original: "Threatened to contact someone or share information improperly",
        subIssues: [
          {
            name: { text: "绕过律师直接联系你", original: "Contacted you instead of your attorney" },
            former: ["Contacted me instead of my attorney"],
          },
        ],
      },
    ]);
    const told = channelNames(library.rule("us-fdcpa-regulation-f", "us.false")!, "en").issues;
    expect(told.map(({ text }) => text)).toEqual([
      "Took or threatened to take negative or legal action",
      "False statements or representation",
    ]);
    expect(told[0]!.original).toBeNull();
    expect(told[0]!.subIssues).toContainEqual({ name: null, former: ["Threatened to take legal action"] });
  });
});
