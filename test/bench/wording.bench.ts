/**
 * Reading acts out of 10 MB of mixed text, beside other ways to look for the same phrases in the same run:
 *   node test/bench/wording.bench.ts
 * MB are millions of bytes of the text in UTF-8. Our own speed is taken from pieces of about 1 MB, each the best of its runs, in turn with
 * only reading the same units from memory: on a busy machine a short run is more often left alone than a long one.
 * The text is made here from a seed: chat between people in both languages, adverts, and some talk of debts.
 */
import { loadActs } from "../../src/codes/load-acts.ts";
import { compileWording } from "../../src/conduct/wording.ts";

const TARGET = 10_000_000;
const acts = loadActs(new URL("../../data/acts.yaml", import.meta.url));

const everyday = [
  "Are you coming over tonight? I'll cook, bring some bread and the photos from Sunday.",
  "Sorry I missed your call, the train was late again and my phone died on the way home.",
  "Can you pick up the kids at four? The meeting with the school moved to the afternoon.",
  "Happy birthday!!! Hope you have a lovely day, see you at the restaurant around eight :)",
  "The parcel arrived this morning, I left it with the neighbour on the second floor.",
  "Lecture moved to room 204, remember to hand in the second assignment by Friday noon.",
  "今晚一起吃饭吗？我下班大概七点，到了给你发消息，地铁口见。",
  "学校催交材料，今晚班会别迟到，记得带上学生证和照片。",
  "妈妈，我到家了，你别担心，周末回去看你们，想吃你做的鱼。",
  "明天天气不错，我们去爬山吧，早上八点在公园门口集合，多带点水。",
  "快递放在門口了，記得拿一下，裡面是給你買的書和茶葉。",
  "会议改到下午三点，资料已经发到群里，大家提前看一下。",
  "【商城】周年庆全场五折，满三百减五十，会员双倍积分，详情点击链接，回T退订。",
  "哈哈哈太好笑了😂😂 你昨天发的那个视频我看了三遍",
];
const charged = [
  "They call me ten times a day about an old debt and told my mother that I owe money.",
  "The agent said I would be arrested if I did not pay the collection agency today.",
  "你欠款已逾期，再不还款我们就联系你单位和家人，后果自负。",
  "他们一天打了几十个电话，还威胁要爆我通讯录，骂得很难听。",
];

/** The same text every time: one message in twenty speaks of a debt. */
function mixedText(bytes: number): string {
  let seed = 20260101;
  const next = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const lines: string[] = [];
  for (let size = 0; size < bytes;) {
    const line = next(20) === 0 ? charged[next(charged.length)]! : everyday[next(everyday.length)]!;
    lines.push(line);
    size += Buffer.byteLength(line) + 1;
  }
  return lines.join("\n");
}

/** All phrases of the file in plain spelling: what a loop or an expression would look for. */
function plainPhrases(): string[] {
  const found = new Set<string>();
  const add = (words: string) => {
    for (const piece of words.split(/[|…]/)) {
      const phrase = piece.trim().replace(/[~*]/g, "").toLowerCase();
      if (phrase.startsWith("$")) acts.lists[phrase.slice(1)]?.forEach(add);
      else if (phrase) found.add(phrase);
    }
  };
  for (const act of acts.acts)
    for (const pattern of [...act.wording.en, ...act.wording["zh-CN"]])
      add(typeof pattern === "string" ? pattern : pattern.words);
  return [...found];
}

/** Best of some runs, in milliseconds: the machine's noise only ever adds. */
function best(runs: number, work: () => unknown): number {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const text = mixedText(TARGET);
const bytes = Buffer.byteLength(text);
const phrases = plainPhrases();
const started = performance.now();
const wording = compileWording(acts);
// The first text makes the searcher.
wording.find("");
const compiled = performance.now() - started;
console.log(`text: ${(bytes / 1e6).toFixed(1)} MB in UTF-8, ${(text.length / 1e6).toFixed(1)} million UTF-16 units`);
console.log(`phrases as written: ${phrases.length}; compiled in ${compiled.toFixed(0)} ms`);

/** The text in pieces of about 1 MB, at ends of lines, and the units of each. */
const pieces: { text: string; units: Uint16Array }[] = [];
for (let from = 0; from < text.length;) {
  const end = text.indexOf("\n", from + text.length / 10);
  const piece = text.slice(from, end < 0 ? text.length : end + 1);
  // Made anew, so that it is a text of its own and not a view of the whole.
  pieces.push({ text: Buffer.from(piece).toString(), units: Uint16Array.from(piece, (_, i) => piece.charCodeAt(i)) });
  from += piece.length;
}

/** Milliseconds for all pieces, each piece the best of its runs; what is compared is run in turn. */
function bestOfPieces(runs: number, works: ((piece: (typeof pieces)[number]) => unknown)[]): number[] {
  const totals = works.map(() => 0);
  for (const piece of pieces) {
    const least = works.map(() => Infinity);
    for (let i = 0; i < runs; i++)
      works.forEach((work, w) => {
        const start = performance.now();
        work(piece);
        least[w] = Math.min(least[w]!, performance.now() - start);
      });
    least.forEach((ms, w) => (totals[w]! += ms));
  }
  return totals;
}

const hits = wording.find(text).length;
for (let i = 0; i < 3; i++) wording.find(text);
const [ours = 0, bound = 0] = bestOfPieces(20, [
  (piece) => wording.find(piece.text),
  ({ units }) => {
    let sum = 0;
    for (let i = 0; i < units.length; i++) sum = (sum + units[i]!) | 0;
    return sum;
  },
]);
const messages = text.split("\n");
const each = best(5, () => messages.forEach((message) => wording.find(message)));

const sample = text.slice(0, Math.ceil(text.length / 10));
const sampleBytes = Buffer.byteLength(sample);
const loop = best(2, () => {
  const lower = sample.toLowerCase();
  let count = 0;
  for (const phrase of phrases)
    for (let at = lower.indexOf(phrase); at >= 0; at = lower.indexOf(phrase, at + 1)) count++;
  return count;
});
const alternation = new RegExp(
  phrases
    .toSorted((a, b) => b.length - a.length)
    .map((phrase) => phrase.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|"),
  "g",
);
const expression = best(2, () => {
  let count = 0;
  for (const _ of sample.toLowerCase().matchAll(alternation)) count++;
  return count;
});
const rate = (size: number, ms: number) => size / 1e6 / (ms / 1e3);
const oursRate = rate(bytes, ours);
const row = (name: string, value: number) =>
  console.log(
    `${name.padEnd(46)}${value.toFixed(1).padStart(9)} MB/s   ours is ${(oursRate / value).toFixed(2)} times`,
  );
console.log(`hits: ${hits}`);
row("ours, texts of 1 MB", oursRate);
row(`ours, ${messages.length} messages one by one`, rate(bytes, each));
row("a loop of indexOf (a tenth of the text)", rate(sampleBytes, loop));
row("one expression of alternatives (a tenth)", rate(sampleBytes, expression));
row("only reading every unit once", rate(bytes, bound));
const ratio = oursRate / rate(sampleBytes, loop);
console.log(`${oursRate >= 80 ? "ok" : "NOT MET (or the machine is busy)"}: 80 MB/s or more (${oursRate.toFixed(1)})`);
console.log(`${ratio >= 5 ? "ok" : "NOT MET"}: at least 5 times the loop of indexOf (${ratio.toFixed(1)})`);
if (ratio < 5) process.exitCode = 1;
