/**
 * The plain pages that need no account: what is kept, deleting and backups, accessibility, what this is not.
 * Must not know any case or person. The words are in views/locales/<language>/help.json, a list of sections for each page here.
 * Next: views/help/article.ejs.
 */
import { Router } from "express";
import { notFound } from "../web/errors.ts";

/** Each page's sections in order; `help.<page>.<section>.title` and `.text` are their words, a line of text a paragraph. */
const articles: Record<string, readonly string[]> = {
  kept: ["said", "files", "history", "machine", "cookies"],
  deleting: ["remove", "whole", "backups", "elsewhere"],
  accessibility: ["aim", "how", "language", "safety", "tell"],
  limits: ["advice", "regulator", "words", "sends", "urgent"],
};

export function helpRoutes(): Router {
  const router = Router();
  router.get("/", (_req, res) => res.render("help/index", { articles: Object.keys(articles) }));
  router.get("/:article", (req, res) => {
    const { article } = req.params;
    const sections = Object.hasOwn(articles, article) ? articles[article] : undefined;
    if (!sections) throw notFound();
    res.render("help/article", { article, sections });
  });
  return router;
}
