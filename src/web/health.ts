/**
 * GET /health: whether this process can serve, for whoever runs it.
 * Must not tell anything about cases or people.
 */
import type { Express } from "express";

/** Answers 200 `{ "status": "ok", … }` when every check resolves, else 503 with the names of those that failed. */
export function setUpHealth(app: Express, checks: Record<string, () => Promise<unknown>>): void {
  app.get("/health", async (_req, res) => {
    const names = Object.keys(checks);
    const results = await Promise.allSettled(Object.values(checks).map((check) => check()));
    const failed = names.filter((_name, index) => results[index]?.status === "rejected");
    res.status(failed.length > 0 ? 503 : 200).json({ status: failed.length > 0 ? "failing" : "ok", failed });
  });
}
