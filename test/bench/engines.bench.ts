/**
 * The rules of the largest pack that look at one incident alone, and the same rules by each of four alternatives:
 *   node test/bench/engines.bench.ts [CASES]
 * Reading the clock is part of our time and of the plain functions' time; the engines are given facts that are already read. All take
 * turns, so that a busy machine slows all alike; the fastest turn counts.
 */
import { Environment } from "@marcbachmann/cel-js";
import { LogicEngine } from "json-logic-engine";
import { Engine } from "json-rules-engine";
import { compileJudge } from "../../src/conduct/classify.ts";
import type { Code, Condition, Rule } from "../../src/conduct/code.ts";
import type { Incident } from "../../src/conduct/incident.ts";
import { DAY_MS, dayFromIso, instantOf, timeOfDay, zoneNamed } from "../../src/conduct/zone.ts";
import { type Run, codes, context, cpuTime, judgeAll, line, makeCase } from "./judging-cases.ts";

const CASES = Number(process.argv[2] ?? 500);
const zone = zoneNamed(context.zone);

function isAlone(condition: Condition): boolean {
  const { count, coolDown, afterNotice, firstContact, agreed, publicHoliday, weekday, person, all, any, not } =
    condition;
  const looksRound = [count, coolDown, afterNotice, firstContact, agreed, publicHoliday, weekday, person];
  return (
    looksRound.every((one) => one === undefined) &&
    [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])].every(isAlone)
  );
}

/** Nothing is agreed in these cases, so exceptions for agreements are left out for everybody. */
const subset: Code[] = codes
  .map((code) => ({
    ...code,
    rules: code.rules
      .filter((rule) => rule.on && isAlone(rule.when))
      .map((rule) => ({ ...rule, unless: rule.unless.filter((exception) => isAlone(exception.when)) })),
  }))
  .filter((code) => code.rules.length > 0);
const alone = subset.flatMap((code) => code.rules.map((rule) => ({ code, rule })));

type Flat = Record<string, unknown>;
function flat(incident: Incident): Flat {
  const local = instantOf(incident.happenedAt, zone) + 8 * 3_600_000;
  const day = Math.floor(local / DAY_MS);
  const { zone: _zone, ...rest } = context;
  return { ...incident, ...rest, day, time: local - day * DAY_MS };
}

/** One tree for all: and, or, not over tests of one fact. */
type Test = { fact: string; is: "in" | "has" | "lacks" | ">" | ">=" | "<" | "<="; value: unknown };
type Tree = { and: Tree[] } | { or: Tree[] } | { not: Tree } | Test;

function treeOf({ code, rule }: { code: Code; rule: Rule }): Tree {
  const source = code.sources[rule.source]!;
  const to = rule.to === undefined ? source.to : rule.to;
  const lenders = rule.lenderKinds ?? source.lenderKinds;
  return {
    and: [
      { fact: "day", is: ">=", value: dayFromIso(rule.from ?? source.from) },
      ...(to === null ? [] : [{ fact: "day", is: "<=", value: dayFromIso(to) } as const]),
      ...(lenders ? [{ fact: "lenderKind", is: "in", value: lenders } as const] : []),
      ...(rule.collectorKinds ? [{ fact: "collectorKind", is: "in", value: rule.collectorKinds } as const] : []),
      tree(rule.when),
      ...rule.unless.map((exception) => ({ not: tree(exception.when) })),
    ],
  };
}

function tree(condition: Condition): Tree {
  const parts: Tree[] = [];
  for (const [key, value] of Object.entries(condition)) {
    if (key === "all") parts.push(...(value as Condition[]).map(tree));
    else if (key === "any") parts.push({ or: (value as Condition[]).map(tree) });
    else if (key === "not") parts.push({ not: tree(value as Condition) });
    else if (key === "acts")
      parts.push({ or: (value as string[]).map((act) => ({ fact: "acts", is: "has", value: act })) });
    else if (key === "disclosed")
      parts.push(...(value as string[]).map((what) => ({ fact: "disclosed", is: "has", value: what }) as const));
    else if (key === "localTime") parts.push(hours(value as NonNullable<Condition["localTime"]>));
    else if (key === "visitors" || key === "daysPastDue") {
      const { under, over } = value as { under?: number; over?: number };
      if (under !== undefined) parts.push({ fact: key, is: "<", value: under });
      if (over !== undefined) parts.push({ fact: key, is: ">", value: over });
    } else parts.push({ fact: key, is: "in", value: Array.isArray(value) ? value : [value] });
  }
  return { and: parts };
}

function hours(word: NonNullable<Condition["localTime"]>): Tree {
  const from: Tree = { fact: "time", is: word.fromEdge === "in" ? ">=" : ">", value: timeOfDay(word.from) };
  const to: Tree = { fact: "time", is: word.toEdge === "in" ? "<=" : "<", value: timeOfDay(word.to) };
  return word.from < word.to ? { and: [from, to] } : { or: [from, to] };
}

/** A JavaScript expression over the fields of `f`: what a careful programmer would write by hand. */
function expression(node: Tree): string {
  if ("and" in node) return `(${node.and.map(expression).join(" && ")})`;
  if ("or" in node) return `(${node.or.map(expression).join(" || ")})`;
  if ("not" in node) return `!${expression(node.not)}`;
  const fact = `f.${node.fact}`;
  if (node.is === "in")
    return `(${(node.value as unknown[]).map((value) => `${fact} === ${JSON.stringify(value)}`).join(" || ")})`;
  if (node.is === "has") return `${fact}.includes(${JSON.stringify(node.value)})`;
  return `${fact} ${node.is} ${JSON.stringify(node.value)}`;
}

/** The same in the Common Expression Language, whose whole numbers are no JavaScript numbers. */
function cel(node: Tree): string {
  if ("and" in node) return node.and.length === 0 ? "true" : `(${node.and.map(cel).join(" && ")})`;
  if ("or" in node) return `(${node.or.map(cel).join(" || ")})`;
  if ("not" in node) return `!${cel(node.not)}`;
  const value = typeof node.value === "number" ? node.value.toFixed(1) : JSON.stringify(node.value);
  return node.is === "has" ? `${value} in ${node.fact}` : `${node.fact} ${node.is} ${value}`;
}

function logic(node: Tree): object {
  if ("and" in node) return { and: node.and.map(logic) };
  if ("or" in node) return { or: node.or.map(logic) };
  if ("not" in node) return { "!": [logic(node.not)] };
  const fact = { var: node.fact };
  if (node.is === "in") return { in: [fact, node.value] };
  if (node.is === "has") return { in: [node.value, fact] };
  return { [node.is]: [fact, node.value] };
}

function engineCondition(node: Tree): object {
  if ("and" in node) return { all: node.and.map(engineCondition) };
  if ("or" in node) return { any: node.or.map(engineCondition) };
  if ("not" in node) return { not: engineCondition(node.not) };
  const operators = {
    in: "in",
    has: "contains",
    lacks: "doesNotContain",
    ">": "greaterThan",
    ">=": "greaterThanInclusive",
  };
  const more = { "<": "lessThan", "<=": "lessThanInclusive" };
  return { fact: node.fact, operator: { ...operators, ...more }[node.is], value: node.value };
}

function plain(rules: ((facts: Flat) => boolean)[], cases: Incident[][]): Run {
  let matches = 0;
  let count = 0;
  const found: { rule: string; incident: string }[] = [];
  const start = cpuTime();
  for (const incidents of cases) {
    for (const incident of incidents) {
      const facts = flatFast(incident);
      for (let i = 0; i < rules.length; i++) {
        if (rules[i]!(facts)) {
          matches++;
          found.push({ rule: alone[i]!.rule.id, incident: incident.id });
        }
      }
    }
    count += incidents.length;
    found.length = 0;
  }
  return { rate: count / ((cpuTime() - start) / 1000), matches };
}

/** The facts the plain functions read, without copying the incident field by field. */
function flatFast(incident: Incident): Flat {
  const at = instantOf(incident.happenedAt, zone);
  const local = at + zone.offsetAt(at);
  const day = Math.floor(local / DAY_MS);
  return {
    day,
    time: local - day * DAY_MS,
    channel: incident.channel,
    direction: incident.direction,
    contacted: incident.contacted,
    place: incident.place,
    outcome: incident.outcome,
    purpose: incident.purpose,
    automated: incident.automated,
    collectorKind: incident.collectorKind,
    acts: incident.acts,
    disclosed: incident.disclosed,
    visitors: incident.visitors,
    lenderKind: context.lenderKind,
    respondentKind: context.respondentKind,
    reachable: context.reachable,
    debtLawful: context.debtLawful,
    employerForbids: context.employerForbids,
    daysPastDue: context.daysPastDue,
  };
}

/** An engine that made a function of each rule. */
function compiledEngine(rules: ((facts: Flat) => unknown)[], facts: Flat[]): Run {
  let matches = 0;
  const start = cpuTime();
  for (const one of facts) for (const rule of rules) if (rule(one)) matches++;
  return { rate: facts.length / ((cpuTime() - start) / 1000), matches };
}

async function rulesEngine(engine: Engine, facts: Flat[]): Promise<Run> {
  let matches = 0;
  const start = cpuTime();
  for (const one of facts) matches += (await engine.run(one)).events.length;
  return { rate: facts.length / ((cpuTime() - start) / 1000), matches };
}

/** So many turns of each. */
const TURNS = 7;
const cases = Array.from({ length: CASES }, () => makeCase(100));
const facts = cases.flat().map(flat);
const few = facts.slice(0, 300);
const trees = alone.map(treeOf);
// oxlint-disable-next-line typescript/no-implied-eval -- the rules written out as source are the fastest form there is
const functions = trees.map((node) => new Function("f", `return ${expression(node)}`) as (facts: Flat) => boolean);
const jsonLogic = new LogicEngine();
const byJsonLogic = trees.map((node) => jsonLogic.build(logic(node) as never) as (facts: Flat) => unknown);
const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const byCel = trees.map((node) => environment.parse(cel(node)) as (facts: Flat) => unknown);
const engine = new Engine(
  trees.map((node, index) => ({ conditions: engineCondition(node) as never, event: { type: alone[index]!.rule.id } })),
  { allowUndefinedFacts: true },
);
const judge = compileJudge(subset);

const faster = (a: Run | undefined, b: Run): Run => (a !== undefined && a.rate > b.rate ? a : b);
let [ours, handWritten, logicRun, celRun, rulesRun]: (Run | undefined)[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  ours = faster(ours, judgeAll(judge, cases));
  handWritten = faster(handWritten, plain(functions, cases));
  logicRun = faster(logicRun, compiledEngine(byJsonLogic, facts));
  celRun = faster(celRun, compiledEngine(byCel, facts));
  rulesRun = faster(rulesRun, await rulesEngine(engine, few));
}
if (!ours || !handWritten || !logicRun || !celRun || !rulesRun) throw new Error("no turn was taken");

console.log(`${alone.length} rules about one incident alone, ${facts.length.toLocaleString("en")} incidents`);
line("ours", ours);
const met = [
  line("the same rules as plain functions", handWritten, { of: ours.rate / handWritten.rate, atLeast: 0.4 }),
  line("json-logic-engine, compiled", logicRun, { of: ours.rate / logicRun.rate, atLeast: 4 }),
  line("CEL (@marcbachmann/cel-js), parsed", celRun, { of: ours.rate / celRun.rate, atLeast: 4 }),
  line("json-rules-engine", rulesRun, { of: ours.rate / rulesRun.rate, atLeast: 500 }),
];
const all = [ours, handWritten, logicRun, celRun].map(({ matches }) => matches);
const ofFew = [rulesRun.matches, compiledEngine(byJsonLogic, few).matches];
if (new Set(all).size > 1 || new Set(ofFew).size > 1)
  console.log(`the matches differ: ${all.join(", ")}; ${ofFew.join(", ")}`);
process.exitCode = met.every(Boolean) && new Set(all).size === 1 && new Set(ofFew).size === 1 ? 0 : 1;
