/**
 * How fast the largest pack judges, and how that holds with size:
 *   node --expose-gc test/bench/judging.bench.ts [CASES]
 * CASES cases of 100 contacts, and one case as large as all of them: 1,000 for a look, 10,000 for a million incidents. Incidents have no
 * words; making them is not timed. What other engines make of the same rules: engines.bench.ts; words: wording.bench.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installedIds } from "../../src/cli/find-code.ts";
import { parseCode } from "../../src/codes/load.ts";
import { compileJudge } from "../../src/conduct/classify.ts";
import { LiveCase } from "../../src/conduct/live-case.ts";
import { startStream } from "../../src/conduct/stream.ts";
import { type Run, chance, codes, context, cpuTime, judgeAll, line, makeCase, tidyUp } from "./judging-cases.ts";

const CASES = Number(process.argv[2] ?? 1000);
const EACH = 100;
const met: boolean[] = [];

const judge = compileJudge(codes);
const on = codes.flatMap((code) => code.rules).filter((rule) => rule.on).length;
console.log(`${codes[0]!.id} with what it includes: ${codes.length} codes, ${on} rules on`);

/** So many megabytes are in use once what is not is thrown away. */
function megabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

// 1. Many cases, a batch at a time so that memory stays that of judging.
judgeAll(
  judge,
  Array.from({ length: 200 }, () => makeCase(EACH)),
);
let seconds = 0;
let judged = 0;
let matches = 0;
let bytes = 0;
for (let done = 0; done < CASES; done += 100) {
  const cases = Array.from({ length: Math.min(100, CASES - done) }, () => makeCase(EACH));
  const run = judgeAll(judge, cases);
  seconds += (cases.length * EACH) / run.rate;
  judged += cases.length * EACH;
  matches += run.matches;
  bytes = Buffer.byteLength(JSON.stringify(cases)) / (cases.length * EACH);
}
const rate = judged / seconds;
met.push(
  line(
    `${judged.toLocaleString("en")} incidents in ${CASES.toLocaleString("en")} cases`,
    { rate, matches },
    { of: rate / 1_000_000, atLeast: 1, than: "1,000,000 a second" },
  ),
);
console.log(`  ${((1000 * matches) / judged).toFixed(0)} matches for 1,000 incidents, each explained in two languages`);

// 2. The same bytes, read once and no more.
const block = new Uint32Array(16 * 2 ** 20).map((_none, index) => index);
function addUp(): number {
  let sum = 0;
  for (let i = 0; i < block.length; i++) sum = (sum + block[i]!) | 0;
  return sum;
}
const PASSES = 10;
let sum = addUp();
const before = cpuTime();
for (let i = 0; i < PASSES; i++) sum ^= addUp();
const pass = (cpuTime() - before) / PASSES;
const read = block.byteLength / pass / 1000;
const used = (rate * bytes) / 1e6;
console.log(
  `  as JSON ${bytes.toFixed(0)} bytes each: ${used.toFixed(0)} MB/s; adding up memory ${read.toFixed(0)} MB/s (${sum & 1}): ${(read / used).toFixed(1)} times as fast`,
);

// 3. One case, ever larger, the sizes in turn and the best of three turns; then memory while the largest streams.
const sizes: number[] = [];
for (let size = 100; size <= CASES * EACH; size *= 10) sizes.push(size);
const streams = sizes.map((): Run => ({ rate: 0, matches: 0 }));
for (let turn = 0; turn < 3; turn++)
  sizes.forEach((size, index) => {
    const run = streamed(size);
    if (run.rate > streams[index]!.rate) streams[index] = run;
  });
console.log("one case, streamed");
streams.forEach((run, index) =>
  line(`  ${sizes[index]!.toLocaleString("en")} incidents, ${(1e9 / run.rate).toFixed(0)} ns each`, run),
);
const most = streams[0]!.rate / Math.min(...streams.map((run) => run.rate));
met.push(most < 1.5);
console.log(
  `  the dearest size costs ${most.toFixed(2)} times the first (wanted: under 1.5)${most < 1.5 ? "" : "  NOT MET"}`,
);
const heap: number[] = [];
streamed(sizes.at(-1)!, () => heap.push(megabytes()));
console.log(
  `  heap after collecting ${Math.min(...heap).toFixed(1)} to ${Math.max(...heap).toFixed(1)} MB on the way; the process at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
);

/** Cases of one size, at least 100,000 incidents of them, made a piece at a time: many small cases, or a part of a large one. */
function streamed(size: number, onTheWay?: () => void): Run {
  let found = 0;
  let spent = 0;
  const PIECE = 10_000;
  const all = Math.max(size, 100_000);
  let stream = startStream(judge, context);
  let from: number | undefined;
  for (let done = 0; done < all; done += PIECE) {
    const isLarge = size > PIECE;
    const piece = isLarge ? [makeCase(PIECE, from)] : Array.from({ length: PIECE / size }, () => makeCase(size));
    from = Date.parse(piece.at(-1)!.at(-1)!.happenedAt);
    tidyUp();
    const start = cpuTime();
    for (const incidents of piece) {
      if (!isLarge) stream = startStream(judge, context);
      for (const incident of incidents) found += stream.push(incident).length;
      if (!isLarge || done + PIECE >= all) found += stream.end().length;
    }
    spent += cpuTime() - start;
    if (done % (10 * PIECE) === 0) onTheWay?.();
  }
  return { rate: all / (spent / 1000), matches: found };
}

// 4. One more incident in a case of 10,000.
const large = makeCase(10_000);
const whole: number[] = [];
let live = new LiveCase(judge, context, large);
for (let i = 0; i < 5; i++) {
  const start = cpuTime();
  live = new LiveCase(judge, context, large);
  whole.push(cpuTime() - start);
}
const INSERTS = 500;
let judgements = 0;
const start = cpuTime();
for (let i = 0; i < INSERTS; i++) judgements += live.put({ ...large[chance(large.length)]!, id: `new${i}` });
const each = (cpuTime() - start) / INSERTS;
const share = each / Math.min(...whole);
met.push(share < 0.01);
console.log(`a case of 10,000 incidents: ${Math.min(...whole).toFixed(1)} ms whole`);
console.log(
  `  after one insert ${each.toFixed(3)} ms (mean of ${INSERTS}, ${(judgements / INSERTS).toFixed(1)} judgements): ${(share * 100).toFixed(2)} % (wanted: under 1 %)${share < 0.01 ? "" : "  NOT MET"}`,
);

// 5. Getting ready: all installed codes from their files.
const files = installedIds().map((id) => join(import.meta.dirname, `../../data/codes/${id}.yaml`));
const texts = files.map((file) => readFileSync(file, "utf8"));
const reading: number[] = [];
const compiling: number[] = [];
for (let i = 0; i < 5; i++) {
  const begin = cpuTime();
  const all = texts.map((text, index) => parseCode(text, files[index]!).code);
  const parsed = cpuTime();
  compileJudge(all);
  compiling.push(cpuTime() - parsed);
  reading.push(parsed - begin);
}
met.push(compiling[0]! < 100);
console.log(
  `all ${files.length} codes (${(texts.join("").length / 1024).toFixed(0)} KB): compiled in ${compiling[0]!.toFixed(1)} ms the first time (wanted: under 100), ${Math.min(...compiling).toFixed(1)} ms at best`,
);
console.log(
  `  reading and checking their YAML before that: ${reading[0]!.toFixed(0)} ms the first time, ${Math.min(...reading).toFixed(0)} ms at best`,
);
process.exitCode = met.every(Boolean) ? 0 : 1;
