/** Backups of SMS Backup & Restore, as phones write them and as they arrive. */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detect } from "../../src/imports/detect.ts";
import { smsBackup } from "../../src/imports/read-sms-backup.ts";
import { contactsOf, readText, wordsOf } from "./reading.ts";

const HEAD = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore v10.20.002 on 23/11/2026 21:00:00-->
<?xml-stylesheet type="text/xsl" href="sms.xsl"?>
`;
const smses = (inside: string, count = 3) => `${HEAD}<smses count="${count}" backup_set="x">\n${inside}\n</smses>`;
const calls = (inside: string) => `${HEAD}<calls count="7">\n${inside}\n</calls>`;
const AT = 1_793_000_000_000;
const call = (type: number | string, more = "") =>
  `  <call number="+8621555500${type}" duration="20" date="${AT}" type="${type}" presentation="1" subscription_id="2" contact_name="(Unknown)" ${more}/>`;
const sms = (body: string, type: number | string = 1) =>
  `  <sms protocol="0" address="10690" date="${AT}" type="${type}" subject="null" body="${body}" contact_name="null" sub_id="1" />`;

describe("calls", () => {
  it("reads all seven types, and says what it does not know", async () => {
    const reading = await readText(smsBackup, calls([1, 2, 3, 4, 5, 6, 7, 1000].map((type) => call(type)).join("\n")));
    expect(contactsOf(reading).map(({ channel, direction, outcome }) => `${channel} ${direction} ${outcome}`)).toEqual([
      "call incoming conversation",
      "call outgoing conversation",
      "call incoming unanswered",
      "voicemail incoming voicemail-left",
      "call incoming unanswered",
      "call incoming blocked",
      "call incoming connected",
      "call incoming unknown",
    ]);
    expect(reading.rows[7]).toMatchObject({ oddities: [{ key: "unknownCallType", params: { type: "1000" } }] });
    expect(reading.rows[0]).toMatchObject({
      row: 1,
      line: 5,
      contact: { happenedAt: AT, durationSeconds: 20, other: "+86215555001", sim: "2" },
    });
    expect(reading.rows[0]).not.toHaveProperty("contact.otherName");
  });

  it("claims no answer from a duration of nothing", async () => {
    const zero = (type: number) => call(type).replace('duration="20"', 'duration="0"');
    const short = call(1).replace('duration="20"', 'duration="4"');
    const contacts = contactsOf(await readText(smsBackup, calls([zero(1), zero(2), zero(3), short].join("\n"))));
    expect(contacts.map(({ outcome, durationSeconds }) => [outcome, durationSeconds])).toEqual([
      ["unknown", 0],
      ["unanswered", undefined],
      ["unanswered", undefined],
      ["connected", 4],
    ]);
  });

  it("hides the numbers that the phone hides", async () => {
    const hidden = [`number="" `, `number="-2" `, `number="null" `, `number="123" presentation="2" `];
    const text = hidden.map((way) => `<call ${way} duration="0" date="${AT}" type="3" />`).join("");
    expect(contactsOf(await readText(smsBackup, calls(text))).map(({ other }) => other)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("messages", () => {
  it("keeps emoji, line ends and signs, and tells what no text may hold", async () => {
    const reading = await readText(
      smsBackup,
      smses(`${sms("&#55357;&#56832; a &lt;b&gt; &amp;&#10;c")}\n${sms("x&#55357;y&#1;z")}\n${sms("null")}`),
    );
    expect(contactsOf(reading).map(({ said }) => said)).toEqual(["😀 a <b> &\nc", "x\uFFFDy\uFFFDz", undefined]);
    expect(reading.rows[1]).toMatchObject({
      oddities: [
        { key: "loneSurrogate", params: { code: "U+D83D" } },
        { key: "illegalCharacter", params: { code: "U+0001" } },
      ],
    });
  });

  it("takes drafts and what was never sent for no contact", async () => {
    const reading = await readText(smsBackup, smses([1, 2, 3, 4, 5, 6, 9].map((type) => sms("a", type)).join("\n")));
    expect(wordsOf(reading)).toEqual([
      "contact",
      "contact",
      "draft",
      "unsent",
      "sendingFailed",
      "unsent",
      "unknownMessageType",
    ]);
    expect(contactsOf(reading).map(({ direction, outcome }) => [direction, outcome])).toEqual([
      ["incoming", "delivered"],
      ["outgoing", undefined],
    ]);
  });

  it("cuts words that are longer than an incident's, and says so", async () => {
    const reading = await readText(smsBackup, smses(sms("字".repeat(120_000))));
    expect(contactsOf(reading)[0]!.said).toHaveLength(100_000);
    expect(reading.rows[0]).toMatchObject({ oddities: [{ key: "wordsCut", params: { characters: 120_000 } }] });
  });

  it("reads UTF-16, and a byte order mark", async () => {
    const text = `\uFEFF${smses(sms("逾期"))}`;
    for (const encoding of ["utf16le", "utf8"] as const) {
      expect(contactsOf(await readText(smsBackup, Buffer.from(text, encoding)))[0]!.said).toBe("逾期");
    }
  });
});

const mms = (parts: string, more = `msg_box="1" address="+8610690" m_type="132"`, addrs = "") =>
  `  <mms date="${AT}" sub="null" ${more} contact_name="null">\n    <parts>\n${parts}\n    </parts>\n    <addrs>${addrs}</addrs>\n  </mms>`;
const addr = (address: string, type: number) => `<addr address="${address}" type="${type}" charset="106" />`;

describe("messages with pictures", () => {
  const picture = randomBytes(700_000);
  const part = (data: string) =>
    `<part seq="0" ct="image/jpeg" name="null" fn="null" cl="shot.jpg" text="null" data="${data}" />`;

  it("puts the bytes aside as they are", async () => {
    const lines = picture.toString("base64").replace(/.{76}/g, "$&&#10;");
    const smil = `<part ct="application/smil" name="s.smil" text="&lt;smil/>" />`;
    const words = `<part ct="text/plain" name="t" text="看看" /><part ct="text/plain" name="t" text="再看" />`;
    for (const data of [picture.toString("base64"), lines, picture.toString("base64").replace(/=+$/, "")]) {
      const reading = await readText(smsBackup, smses(mms(smil + words + part(data))));
      const [contact] = contactsOf(reading);
      expect(contact).toMatchObject({ said: "看看\n再看", attachments: [{ name: "shot.jpg", size: picture.length }] });
      expect(reading.kept.get(contact!.attachments[0]!.sha256)!.equals(picture)).toBe(true);
      expect(reading.rows[0]).not.toHaveProperty("oddities");
    }
  });

  it("tells a picture that is damaged or not there, and keeps the message", async () => {
    const words = `<part ct="text/plain" name="t" text="看看" />`;
    const reading = await readText(
      smsBackup,
      smses(
        [part("!!!!@@@@"), part("null"), part(""), part("QUJD\n  <part />")]
          .map((each) => mms(words + each))
          .join("\n"),
      ),
    );
    expect(reading.rows.map((row) => ("oddities" in row ? row.oddities![0]!.key : null))).toEqual([
      "damagedPart",
      "emptyPart",
      "emptyPart",
      "damagedPart",
    ]);
    expect(contactsOf(reading).map(({ said, attachments }) => [said, attachments.length])).toEqual(
      Array.from({ length: 4 }, () => ["看看", 0]),
    );
  });

  it("tells who wrote to whom in a group", async () => {
    const group = `msg_box="1" address="+8613800000001~+8613800000002" m_type="132"`;
    const addresses = addr("+8613800000002", 137) + addr("+8613800000001", 151) + addr("+8613900000009", 151);
    const sent = `msg_box="2" address="+8613800000001" m_type="128"`;
    const reading = await readText(
      smsBackup,
      smses(
        [
          mms("", group, addresses),
          mms("", sent, addr("insert-address-token", 137) + addr("+8613800000001", 151)),
          mms("", sent.replace('"2"', '"3"')),
          mms("", `msg_box="1" address="1" m_type="134"`),
          mms("", `msg_box="1" address="1" m_type="130"`),
        ].join("\n"),
      ),
    );
    expect(wordsOf(reading)).toEqual(["contact", "contact", "draft", "deliveryReport", "contact"]);
    expect(reading.rows[4]).toMatchObject({ oddities: [{ key: "notDownloaded" }] });
    const [received, written] = contactsOf(reading);
    expect(received).toMatchObject({
      other: "+8613800000002",
      own: "+8613900000009",
      conversation: "+8613800000001~+8613800000002",
    });
    expect(written).toMatchObject({ direction: "outgoing", other: "+8613800000001" });
    expect(written).not.toHaveProperty("own");
  });
});

describe("what is broken", () => {
  const whole = smses([sms("a"), call(3), mms("<part ct='text/plain' text='b'/>"), sms("c")].join("\n"), 4);

  it("reads a file cut anywhere up to the break, which is one row", async () => {
    const bytes = Buffer.from(whole);
    const all = (await readText(smsBackup, bytes)).rows;
    for (let end = bytes.indexOf("<smses"); end < bytes.length; end += 7) {
      const { rows } = await readText(smsBackup, bytes.subarray(0, end));
      const last = rows.at(-1)!;
      expect(rows.slice(0, -1)).toEqual(all.slice(0, rows.length - 1));
      expect("unreadable" in last && last.unreadable.key).toMatch(/^(?:cutShort(?:Of)?|notThisFormat)$/);
    }
  });

  it("one damaged record costs one row", async () => {
    const text = whole
      .replace('body="a"', 'body="a')
      .replace("<call ", "<cxll ")
      .replace('date="1793000000000" sub', 'date="soon" sub');
    expect(wordsOf(await readText(smsBackup, text))).toEqual(["damagedRecord", "unknownElement", "badTime", "contact"]);
  });

  it("declares and expands nothing", async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>${smses(sms("&b;&f;"))}`;
    expect(wordsOf(await readText(smsBackup, bomb))).toEqual(["doctype"]);
    const undeclared = await readText(smsBackup, smses(sms("&b;")));
    expect(contactsOf(undeclared)[0]!.said).toBe("&b;");
  });

  it("other XML is told as such", async () => {
    expect(wordsOf(await readText(smsBackup, "<html><body><p>x</p></body></html>"))).toEqual(["notThisFormat"]);
    expect(wordsOf(await readText(smsBackup, smses("")))).toEqual([]);
  });
});

it("is told by its beginning", () => {
  expect(detect(Buffer.from(smses(sms("a"))), "x.xml")[0]).toMatchObject({
    confidence: 0.99,
    reader: { format: "sms-backup" },
  });
  expect(detect(Buffer.from("<html></html>"), "sms.xml").map(({ reader }) => reader.format)).not.toContain(
    "sms-backup",
  );
});

it("reads what was written, whatever the words", async () => {
  const words = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 50 })
    .filter((text) => text !== "null" && text.isWellFormed() && !/[\0-\x08\x0b\x0c\x0e-\x1f\uFFFD-\uFFFF]/.test(text));
  // As the application writes them: characters beyond the first plane as two references.
  const written = (text: string) =>
    text
      .split("")
      .map((unit) => (/[\uD800-\uDFFF&<"\r\n\t]/.test(unit) ? `&#${unit.charCodeAt(0)};` : unit))
      .join("");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(words, fc.boolean(), fc.integer({ min: 1e11, max: 2e12 })), { maxLength: 8 }),
      async (all) => {
        const lines = all.map(([said, isIn, at]) => sms(written(said), isIn ? 1 : 2).replace(String(AT), String(at)));
        const contacts = contactsOf(await readText(smsBackup, smses(lines.join("\n"))));
        expect(contacts.map(({ said, direction, happenedAt }) => [said, direction === "incoming", happenedAt])).toEqual(
          all,
        );
      },
    ),
    { numRuns: 60 },
  );
});
