/**
 * The files of public/: style sheet, icons, small scripts. Their addresses carry a mark of their content (view.ts).
 * Must not serve anything a person put in; evidence has its own route.
 */
import { join } from "node:path";
import express from "express";
import type { Express } from "express";

export function setUpStatic(app: Express): void {
  const files = express.static(join(import.meta.dirname, "../../public"), {
    index: false,
    redirect: false,
    setHeaders(res) {
      const marked = new URL(res.req.url ?? "/", "http://self.invalid").searchParams.has("v");
      res.setHeader("Cache-Control", marked ? "public, max-age=31536000, immutable" : "public, max-age=3600");
    },
  });
  // All of them stand at the top, with an ending; for any other address the disk need not be asked.
  app.use((req, res, next) => (/^\/[^/]+\.\w+$/.test(req.path) ? files(req, res, next) : next()));
}
