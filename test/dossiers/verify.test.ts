/** Every way a bag can be spoilt is named, zipped and unpacked; an untouched one passes. */
import { execFileSync } from "node:child_process";
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { NotABag } from "../../src/dossiers/bag-source.ts";
import { openSigningKey } from "../../src/dossiers/sign.ts";
import { verifyBag } from "../../src/dossiers/verify.ts";
import { sampleBag, sha256, temporaryFolder, writeSample } from "./sample-bag.ts";

const NAME = "dunwatch-case-7-dossier-3";
let zip: string;
let untouched: string;
let fingerprint: string;

beforeAll(async () => {
  const sample = await writeSample();
  zip = sample.path;
  fingerprint = sample.key.fingerprint;
  execFileSync("unzip", ["-q", zip, "-d", sample.folder]);
  untouched = join(sample.folder, NAME);
});

/** The lines of `dunwatch verify` for a copy of the bag after something was done to it, as folder and zipped anew. */
async function linesAfter(spoil: (root: string) => Promise<unknown>): Promise<string[]> {
  const folder = await temporaryFolder();
  const root = join(folder, NAME);
  await cp(untouched, root, { recursive: true });
  await spoil(root);
  const lines = await linesOf(root);
  execFileSync("zip", ["-q", "-r", "again.zip", NAME], { cwd: folder });
  expect(await linesOf(join(folder, "again.zip"))).toEqual(lines);
  return lines;
}
async function linesOf(path: string): Promise<string[]> {
  const { problems } = await verifyBag(path);
  return problems.map(({ kind, part, why }) => `${kind}: ${part}: ${why}`).sort();
}
const matching = (patterns: RegExp[]): unknown[] => patterns.map((pattern) => expect.stringMatching(pattern));

describe("an untouched bag", () => {
  it("passes as zip, unpacked, and unpacked without its outer folder", async () => {
    expect(await verifyBag(zip)).toEqual({ problems: [], files: 13, signedBy: fingerprint, unread: 0 });
    expect((await verifyBag(untouched)).problems).toEqual([]);
    expect((await verifyBag(join(untouched, ".."))).problems.map((p) => p.part).sort()).toEqual([
      "bag.zip",
      "keys/dossier-ed25519.pem",
    ]);
  });
  it("passes zipped anew with deflate", async () => {
    expect(await linesAfter(async () => {})).toEqual([]);
  });
});

describe("a spoilt bag", () => {
  it("names a dropped part", async () => {
    expect(await linesAfter((root) => rm(join(root, "data/exhibits/A-1-voicemail.m4a")))).toEqual(
      matching([
        /^missing: data\/exhibits\/A-1-voicemail\.m4a: is not in the bag$/,
        /^wrong count: bag-info\.txt: declares a Payload-Oxum/,
      ]),
    );
  });
  it("names an added part", async () => {
    expect(await linesAfter((root) => writeFile(join(root, "data/exhibits/A-3-x.m4a"), "new"))).toEqual(
      matching([
        /^unexpected: data\/exhibits\/A-3-x\.m4a: is not listed in a manifest$/,
        /^wrong count: bag-info\.txt/,
      ]),
    );
  });
  it("names a renamed part under both names", async () => {
    const from = "data/exhibits/A-1-voicemail.m4a";
    expect(await linesAfter((root) => rename(join(root, from), join(root, "data/exhibits/A-9-other.m4a")))).toEqual(
      matching([
        /^missing: data\/exhibits\/A-1-voicemail\.m4a: its content is there as data\/exhibits\/A-9-other\.m4a$/,
        /^unexpected: data\/exhibits\/A-9-other\.m4a: is data\/exhibits\/A-1-voicemail\.m4a under another name$/,
      ]),
    );
  });
  it("names two swapped parts", async () => {
    const lines = await linesAfter(async (root) => {
      const [one, two] = [join(root, "data/incidents.csv"), join(root, "data/dossier.pdf")];
      await rename(one, `${one}.x`);
      await rename(two, one);
      await rename(`${one}.x`, two);
    });
    expect(lines).toEqual(matching([/^changed: data\/dossier\.pdf/, /^cut short: data\/incidents\.csv/]));
  });
  it("names one changed byte", async () => {
    expect(await linesAfter((root) => flip(join(root, "data/exhibits/A-2-call.m4a"), 150_000))).toEqual(
      matching([/^changed: data\/exhibits\/A-2-call\.m4a: its SHA-256 is [0-9a-f]{64}, listed as [0-9a-f]{64}$/]),
    );
  });
  it("names a part that was cut short", async () => {
    expect(await linesAfter((root) => truncate(join(root, "data/exhibits/A-2-call.m4a"), 1000))).toEqual(
      matching([/^cut short: data\/exhibits\/A-2-call\.m4a: has 1000 of 300000 bytes$/, /^wrong count: bag-info\.txt/]),
    );
  });
  it("names a changed manifest, and the signature when the tag manifest is made to agree", async () => {
    const spoil = async (root: string) => {
      const pdf = join(root, "data/dossier.pdf");
      const before = sha256(await readFile(pdf));
      await flip(pdf, 3);
      await replaceIn(join(root, "manifest-sha256.txt"), before, sha256(await readFile(pdf)));
    };
    expect(await linesAfter(spoil)).toEqual(matching([/^changed: manifest-sha256\.txt/]));
    const cleverer = async (root: string) => {
      const manifest = join(root, "manifest-sha256.txt");
      const before = sha256(await readFile(manifest));
      await spoil(root);
      await replaceIn(join(root, "tagmanifest-sha256.txt"), before, sha256(await readFile(manifest)));
    };
    expect(await linesAfter(cleverer)).toEqual(
      matching([/^wrong signature: tagmanifest-sha256\.txt\.sig: does not fit/]),
    );
  });
  it("names a signature by another key, a broken one, and a missing one", async () => {
    const other = await openSigningKey(await temporaryFolder());
    const resigned = (root: string) => writeFile(join(root, "signing-key.pem"), other.publicPem);
    expect(await linesAfter(resigned)).toEqual(
      matching([/^changed: signing-key\.pem/, /^wrong signature: tagmanifest/]),
    );
    expect(await linesAfter((root) => writeFile(join(root, "tagmanifest-sha256.txt.sig"), "x"))).toEqual(
      matching([/^wrong signature/]),
    );
    expect(await linesAfter((root) => rm(join(root, "tagmanifest-sha256.txt.sig")))).toEqual(
      matching([/^missing: tagmanifest-sha256\.txt\.sig/]),
    );
    expect(await linesAfter((root) => writeFile(join(root, "signing-key.pem"), "x"))).toEqual(
      matching([/^changed: signing-key\.pem/, /^wrong signature: signing-key\.pem: is not an Ed25519 public key$/]),
    );
  });
  it("names missing tag files", async () => {
    for (const tag of [
      "bagit.txt",
      "bag-info.txt",
      "manifest-sha256.txt",
      "tagmanifest-sha256.txt",
      "signing-key.pem",
    ]) {
      const lines = await linesAfter((root) => rm(join(root, tag)));
      expect(lines.some((line) => line.startsWith(`missing: ${tag}: `))).toBe(true);
    }
  });
});

describe("a bag whose maker contradicts himself", () => {
  it("is told about its counts", async () => {
    const bag = sampleBag();
    bag.info = [
      ["Count-Incidents", "3"],
      ["Count-Reviews", "1"],
    ];
    expect(await linesOf((await writeSample(bag)).path)).toEqual([
      "wrong count: bag-info.txt: counts 1 reviews, the bag holds no such list",
      "wrong count: bag-info.txt: counts 3 incidents, the bag holds 2",
    ]);
  });
  it.each([
    ["an event taken out", (lines: string[]) => lines.toSpliced(2, 1), "event 3 is missing (found 4)"],
    [
      "an edited event",
      (lines: string[]) => lines.with(1, lines[1]!.replace("还钱", "你好")),
      "event 2 was changed after it was written",
    ],
    [
      "the newest event taken off",
      (lines: string[]) => lines.slice(0, 4),
      "ends with event 4, data/case.json names event 5 as the newest",
    ],
    ["a line that is no event", (lines: string[]) => lines.with(3, "{}"), "line 4 is not an event"],
  ])("is told about %s", async (_, edit, why) => {
    const bag = sampleBag();
    const original = bag.parts.find(({ path }) => path === "data/history.jsonl")!;
    const chunks: Buffer[] = [];
    for await (const chunk of await original.open()) chunks.push(Buffer.from(chunk));
    const lines = edit(Buffer.concat(chunks).toString().trimEnd().split("\n"));
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const { Readable } = await import("node:stream");
    Object.assign(original, { size: bytes.length, sha256: sha256(bytes), open: () => Readable.from([bytes]) });
    expect(await linesOf((await writeSample(bag)).path)).toContain(`broken history: data/history.jsonl: ${why}`);
  });
});

describe("a zip cut short", () => {
  it("names the cut part and those after it, at every cut", async () => {
    const whole = await readFile(zip);
    const folder = await temporaryFolder();
    const cut = join(folder, "cut.zip");
    // At 200 KB the second exhibit is half there; the parts after it in the zip are gone.
    await writeFile(cut, whole.subarray(0, 200_000));
    const lines = await linesOf(cut);
    expect(lines).toContain(
      "cut short: the zip: ends after 200000 bytes without its table of contents; what is left was checked",
    );
    expect(
      lines.some((line) =>
        /^cut short: data\/exhibits\/A-2-call\.m4a: the zip ends after its first \d+ bytes$/.test(line),
      ),
    ).toBe(true);
    for (const gone of ["data/history.jsonl", "data/incidents.csv"])
      expect(lines).toContain(`missing: ${gone}: is not in the bag`);
    expect(lines.some((line) => line.includes("A-1-voicemail"))).toBe(false);
    for (let length = 4; length < whole.length; length += 7919) {
      await writeFile(cut, whole.subarray(0, length));
      const found = await verifyBag(cut).then(
        (verdict) => verdict.problems.length,
        (error: unknown) => {
          expect(error).toBeInstanceOf(NotABag);
          return 1;
        },
      );
      expect(found).toBeGreaterThan(0);
    }
  });
  it("is told apart from one with something after its end", async () => {
    const copy = join(await temporaryFolder(), "longer.zip");
    await cp(zip, copy);
    await appendFile(copy, "tail");
    expect(await linesOf(copy)).toEqual(["unexpected: the zip: has 4 bytes after its end"]);
  });
});

describe("a stranger's zip", () => {
  it("that is no zip, no bag, empty or absent is bad input", async () => {
    const folder = await temporaryFolder();
    for (const [name, bytes] of Object.entries({
      text: "hello there",
      empty: "",
      end: "PK\u0005\u0006" + "\0".repeat(18),
    })) {
      await writeFile(join(folder, name), bytes);
      await expect(verifyBag(join(folder, name))).rejects.toThrow(NotABag);
    }
    await expect(verifyBag(join(folder, "absent"))).rejects.toThrow("no such file");
    await mkdir(join(folder, "plain"));
    await expect(verifyBag(join(folder, "plain"))).rejects.toThrow("this is not a bag");
  });
  it("may not lead out of its folder", async () => {
    const lines = await linesOf(await craft(["../../evil.txt", "/abs.txt", "a/../../b", "C:\\x", "ok\n.txt"]));
    expect(
      lines.filter((line) => line.startsWith("malformed") && line.includes("leads out of the folder")),
    ).toHaveLength(5);
  });
  it("may hold neither links nor one name twice", async () => {
    const folder = await temporaryFolder();
    const root = join(folder, NAME);
    await cp(untouched, root, { recursive: true });
    await symlink("/etc/passwd", join(root, "data", "link"));
    expect(await linesOf(root)).toEqual([expect.stringMatching(/^unexpected: data\/link: is a link/)]);
    execFileSync("zip", ["-q", "-r", "--symlinks", "linked.zip", NAME], { cwd: folder });
    expect(await linesOf(join(folder, "linked.zip"))).toEqual([
      expect.stringMatching(/^unexpected: .*data\/link: is a link/),
    ]);
    expect(await linesOf(await craft(["twice", "twice"]))).toContain("unexpected: twice: is in the zip a second time");
  });
  it("may not let one part lie inside another, which is how a small zip unpacks without end", async () => {
    const inner = entry("data/inner.txt", Buffer.from("inner"));
    const outer = entry("data/outer.txt", inner.local);
    const bag = entry("bagit.txt", Buffer.from("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"));
    const path = join(await temporaryFolder(), "overlap.zip");
    const at = bag.local.length;
    const within = at + outer.local.length - inner.local.length;
    await writeFile(path, zipOf([bag.local, outer.local], [bag.central(0), outer.central(at), inner.central(within)]));
    expect(await linesOf(path)).toContain(
      "malformed: data/inner.txt: lies over another part of the zip; it was not opened",
    );
  });
  it("is told by the zip's own checksum, whatever the manifests say", async () => {
    const bytes = await readFile(zip);
    const sample = entry("x", Buffer.from(""));
    // The first record of the table of contents, 16 bytes in: the checksum of the first part.
    bytes[bytes.indexOf(sample.central(0).subarray(0, 4)) + 16]! ^= 1;
    const path = join(await temporaryFolder(), "checksum.zip");
    await writeFile(path, bytes);
    expect(await linesOf(path)).toEqual(matching([/^changed: [^:]+: does not fit the zip's own checksum$/]));
  });
  it("cannot make us unpack without end", async () => {
    const started = performance.now();
    const folder = await temporaryFolder();
    const root = join(folder, NAME);
    await cp(untouched, root, { recursive: true });
    execFileSync("truncate", ["-s", "300M", join(root, "data", "zeros")]);
    execFileSync("zip", ["-q", "-9", "-r", "bomb.zip", NAME], { cwd: folder });
    const bomb = join(folder, "bomb.zip");
    const would = (line: string) =>
      /data\/zeros: would unpack from \d+ to 314572800 bytes; it was not opened$/.test(line);
    const before = performance.now();
    expect((await linesOf(bomb)).some(would)).toBe(true);
    expect(performance.now() - before).toBeLessThan(2000);
    // The same entry declaring one byte: reading stops there.
    const bytes = await readFile(bomb);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(314_572_800);
    for (let at = bytes.indexOf(size); at !== -1; at = bytes.indexOf(size, at + 1)) bytes.writeUInt32LE(1, at);
    await writeFile(bomb, bytes);
    expect(await linesOf(bomb)).toContain("malformed: data/zeros: unpacks to more than the 1 bytes it declares");
    expect(performance.now() - started).toBeLessThan(20_000);
  });
  it("survives any byte being anything", async () => {
    const whole = await readFile(zip);
    const path = join(await temporaryFolder(), "odd.zip");
    // The table of contents and the first headers are where a byte can mislead a reader.
    const places = [
      ...Array.from({ length: 60 }, (_, i) => i * 7),
      ...Array.from({ length: 120 }, (_, i) => whole.length - 1 - i * 11),
    ];
    for (const place of places) {
      const odd = Buffer.from(whole);
      odd[place]! ^= 0xff;
      await writeFile(path, odd);
      const answer = await verifyBag(path).catch((error: unknown) => error);
      expect(answer instanceof NotABag || !(answer instanceof Error)).toBe(true);
    }
  });
});

/** A zip with the given entry names, which no honest tool would write. */
async function craft(names: string[]): Promise<string> {
  const path = join(await temporaryFolder(), "crafted.zip");
  const script =
    "import sys, zipfile, warnings; warnings.simplefilter('ignore'); z = zipfile.ZipFile(sys.argv[1], 'w'); [z.writestr(n, 'x') for n in ['bagit.txt'] + sys.argv[2:]]";
  execFileSync("python3", ["-c", script, path, ...names]);
  return path;
}
async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await writeFile(path, bytes);
}
async function replaceIn(path: string, from: string, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
}

/** One stored part of a zip made by hand: its local header with the bytes, and its record in the table of contents. */
function entry(name: string, data: Buffer) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const signature = (second: string) => Buffer.from(`PK${second}`, "latin1");
  return {
    local: Buffer.concat([signature("\x03\x04"), fields, Buffer.from(name), data]),
    central(offset: number): Buffer {
      const rest = Buffer.alloc(14);
      rest.writeUInt32LE(offset, 10);
      return Buffer.concat([signature("\x01\x02"), Buffer.from([20, 0]), fields, rest, Buffer.from(name)]);
    },
  };
}
function zipOf(locals: Buffer[], records: Buffer[]): Buffer {
  const [parts, table, end] = [Buffer.concat(locals), Buffer.concat(records), Buffer.alloc(22)];
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(records.length, 8);
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(parts.length, 16);
  return Buffer.concat([parts, table, end]);
}
