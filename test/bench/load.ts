/** Asks one address over and over from a process of its own, and prints what it saw as JSON: { requests, seconds, p50, p99 } (ms). */
import { Agent, request } from "node:http";

const [address = "", cookie = "", seconds = "4", connections = "4"] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });

const once = () =>
  new Promise<void>((resolve, reject) => {
    const asked = request(address, { agent, headers: { cookie, "accept-language": "en" } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${address} answered ${answer.statusCode}`));
      answer.resume().on("end", resolve);
    });
    asked.on("error", reject);
    asked.end();
  });

async function run(ms: number): Promise<number[]> {
  const taken: number[] = [];
  const end = performance.now() + ms;
  const one = async () => {
    while (performance.now() < end) {
      const from = performance.now();
      await once();
      taken.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Number(connections) }, one));
  return taken.sort((a, b) => a - b);
}

await run(1000);
const taken = await run(Number(seconds) * 1000);
const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
process.stdout.write(JSON.stringify({ requests: taken.length, seconds: Number(seconds), p50: at(0.5), p99: at(0.99) }));
agent.destroy();
