/** Reminders through a real mail server: off by default, neutral, at humane hours, each once, tried again when the server was away. */
import type { AddressInfo } from "node:net";
import { type ParsedMail, readMail } from "./read-mail.ts";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailerOf, sendReminders } from "../../src/complaints/reminders/remind.ts";
import { openCase, send, textOf } from "../incidents/people.ts";
import { type Agent, type TestApp, withApp } from "../support/app.ts";
import { databases } from "../support/databases.ts";

describe.each(databases)("reminders on $name", (database) => {
  let app: TestApp;
  let lin: Agent;
  let server: SMTPServer;
  let closed = false;
  const mails: ParsedMail[] = [];
  const round = () => sendReminders(app.services, mailerOf(app.services.config)!);

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      onRcptTo: (_address, _session, done) => done(closed ? new Error("away") : null),
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          readMail(Buffer.concat(chunks)).then((mail) => {
            mails.push(mail);
            done();
          }, done);
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.server.address() as AddressInfo;
    app = await withApp(database, { smtpUrl: `smtp://127.0.0.1:${port}`, smtpFrom: "post@example.org" });
    app.services.setOrigin("http://dunwatch.example");
    lin = await app.as("lin", "zh-CN");
    // 22:30 in Shanghai.
    app.clock.set("2026-09-22T14:30:00Z");
    const caseId = await openCase(lin);
    await lin.post(`/cases/${caseId}/complaints`).type("form").send({ channel: "cn-lender" });
    await send(lin, `/cases/${caseId}/complaints/1/letters`, { kind: "filed", onDay: "2026-09-10" });
  });
  afterAll(async () => {
    await app.close();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  test("without a mail server the app says so, and takes no wish", async () => {
    const plain = await withApp();
    const zhou = await plain.as("zhou");
    expect(textOf((await zhou.get("/calendar")).text)).toContain("This installation sends no mail.");
    expect((await zhou.post("/calendar/reminders").type("form").send({ wanted: "yes" })).status).toBe(404);
    expect(mailerOf(plain.services.config)).toBe(null);
    await plain.close();
  });

  test("nobody is written to who did not ask", async () => {
    expect(textOf((await lin.get("/calendar")).text)).toContain("邮件提醒");
    expect(await round()).toBe(0);
  });

  test("not at night; in the morning once, in neutral words and the person's language", async () => {
    const wrong = await lin
      .post("/calendar/reminders")
      .type("form")
      .send({ wanted: "yes", days: "3", zone: "Nowhere" });
    expect(wrong.status).toBe(422);
    await lin.post("/calendar/reminders").type("form").send({ wanted: "yes", days: "3", zone: "Asia/Shanghai" });
    expect(await round()).toBe(0);
    app.clock.set("2026-09-23T00:59:00Z");
    expect(await round()).toBe(0);
    app.clock.set("2026-09-23T01:00:00Z");
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    const [mail] = mails;
    expect(mail!.to).toBe("lin@example.org");
    expect(mail!.from).toBe("post@example.org");
    expect(mail!.subject).toBe("日程提醒");
    expect(mail!.text).toContain("2026年9月25日周五");
    expect(mail!.text).toMatch(/http:\/\/dunwatch\.example\/cases\/[\w-]+\/complaints\/1/);
    expect(mail!.text).not.toMatch(/Lin|林|贷款|投诉|催收|Example/);
  });

  test("when the time is over a second one; a server that is away is tried again", async () => {
    app.clock.set("2026-09-26T03:00:00Z");
    closed = true;
    expect(await round()).toBe(0);
    closed = false;
    expect(await round()).toBe(1);
    expect(mails.at(-1)!.text).toContain("2026年9月25日周五已过");
    // Two processes at once: one mail.
    await app.services.db.deleteFrom("reminders_sent").execute();
    const both = await Promise.all([round(), round()]);
    expect(both[0] + both[1]).toBe(1);
  });

  test("whoever no longer wants them gets none", async () => {
    await app.services.db.deleteFrom("reminders_sent").execute();
    await lin.post("/calendar/reminders").type("form").send({ wanted: "no" });
    expect(await round()).toBe(0);
  });
});
