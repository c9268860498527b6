/** Debian's Chromium, and the real app listening for it. */
import { existsSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, chromium } from "playwright-core";
import { PASSWORD, type Name, type TestApp } from "./app.ts";

const executablePath =
  process.env.CHROMIUM_PATH ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export interface Look {
  language?: "en" | "zh-CN";
  phone?: boolean;
  dark?: boolean;
  scripts?: boolean;
}

export interface TestBrowser {
  origin: string;
  /** A fresh visitor, or a person already signed in. */
  visit(look?: Look, as?: Name): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** @throws a sentence when there is no Chromium on this machine. */
export async function withBrowser(app: TestApp): Promise<TestBrowser> {
  if (executablePath === undefined) throw new Error("The browser tests need Chromium: apt-get install chromium");
  const server: Server = createServer(app.app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app.services.setOrigin(origin);
  const browser = await chromium.launch({
    executablePath,
    // In a bare shell without a language Chromium cannot open a file whose name is not ASCII.
    env: { ...process.env, LC_ALL: "C.UTF-8" },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    origin,
    async visit({ language = "en", phone = false, dark = false, scripts = true } = {}, as) {
      const context = await browser.newContext({
        baseURL: origin,
        locale: language,
        viewport: phone ? { width: 360, height: 780 } : { width: 1280, height: 900 },
        colorScheme: dark ? "dark" : "light",
        javaScriptEnabled: scripts,
        acceptDownloads: true,
      });
      // The app must never ask anybody else for anything.
      await context.route(
        (url) => url.origin !== origin,
        (route) => route.abort(),
      );
      if (as !== undefined) {
        await app.personId(as);
        const page = await context.newPage();
        await page.goto("/sign-in");
        await page.fill("#email", `${as}@example.org`);
        await page.fill("#password", PASSWORD);
        await page.click("form[action='/sign-in'] button[type=submit]");
        await page.waitForURL(`${origin}/`);
        await page.close();
      }
      return context;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
