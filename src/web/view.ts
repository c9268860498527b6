/**
 * EJS pages: where they are, what every template may use, and the head, rail and footer round each page.
 * Must not know any feature's data. Templates only print.
 * Next: views/layout/top.ejs (the names it reads), markup.ts (escaping and attributes for the parts), language.ts (t, locale, format).
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ejs from "ejs";
import type { Express, Request, Response } from "express";
import { problemText } from "./forms.ts";
import type { FieldProblem, FormErrors } from "./forms.ts";
import type { Locale, Translate } from "./locale.ts";
import * as markup from "./markup.ts";

/** What the rail inside a case shows. A case's middleware puts it on `res.locals.rail`. */
export type Rail = {
  caseId: string;
  /** The case's human number, as in "Case 7". */
  number: number;
  lender: string | null;
  borrower: string | null;
  demo: boolean;
  /** Whether the person may log a contact; a reader may not. */
  mayLog: boolean;
  counts: { incidents?: number; findings?: number; evidence?: number; notices?: number; dossiers?: number };
};

const root = join(import.meta.dirname, "../..");

/**
 * Renders `views/**.ejs`, each file compiled once. `exitUrl` is where "exit this page" leads: nothing is loaded from it before it
 * is pressed.
 */
export function setUpViews(app: Express, { exitUrl }: { exitUrl: string }): void {
  app.engine("ejs", (path: string, data: object, done: (error: unknown, html?: string) => void) => {
    let html: string;
    try {
      html = template(path)(data);
    } catch (error) {
      done(error);
      return;
    }
    done(null, html);
  });
  app.set("view engine", "ejs");
  app.set("views", join(root, "views"));
  app.set("view cache", true);
  Object.assign(app.locals, { markup, asset: assetNames() });
  app.use((req, res, next) => {
    Object.assign(res.locals, pageLocals(req, res, exitUrl));
    next();
  });
}

type Template = (data: object) => string;
const templates = new Map<string, Template>();

/**
 * A template, compiled once. EJS's own include looks for its file on the disk every time, which took half the time of a page;
 * here an include is one more compiled function, and sees what its page sees, with what it is given on top.
 */
function template(path: string): Template {
  const known = templates.get(path);
  if (known) return known;
  const options: ejs.Options & { unsafePrototypeLocals: boolean } = {
    filename: path,
    escape: markup.escapeHtml,
    // What is passed in is made for each rendering, below: EJS need not copy it once more.
    unsafePrototypeLocals: true,
  };
  const compiled = ejs.compile(closed(readFileSync(path, "utf8")), options) as Template;
  const render: Template = (data) => {
    const include = (name: string, extra?: object) => includedFrom(path, name)({ ...data, ...extra });
    return compiled({ ...data, include });
  };
  templates.set(path, render);
  return render;
}

/** What every page has, and EJS's own two: the names that stand in a template most often. */
const everyPage = ["t", "format", "locale", "asset", "markup", "person", "currentPath"];

/**
 * A template's text with these names made ordinary variables. EJS finds names by `with`, one by one and every time; for the few that
 * a page uses a thousand times that took a third of its rendering.
 */
function closed(text: string): string {
  const given = everyPage.map((name) => `locals.${name}`);
  const open = `<% ((__append, escapeFn, include, ${everyPage.join(", ")}) => { %>`;
  return `${open}${text}<% })(__append, escapeFn, include, ${given.join(", ")}) %>`;
}

const included = new Map<string, Template>();

function includedFrom(path: string, name: string): Template {
  const key = `${path} ${name}`;
  let found = included.get(key);
  if (!found) included.set(key, (found = template(resolve(dirname(path), `${name}.ejs`))));
  return found;
}

/** The address of a file in public/ with a mark of its content, so that browsers may keep it for a year. */
function assetNames(): (name: string) => string {
  const marks = new Map<string, string>();
  return (name) => {
    let mark = marks.get(name);
    if (mark === undefined) {
      mark = createHash("sha256")
        .update(readFileSync(join(root, "public", name)))
        .digest("hex")
        .slice(0, 10);
      marks.set(name, mark);
    }
    return `/${name}?v=${mark}`;
  };
}

/** What the frame of a page needs of the request; read when a page is rendered, after the language is known. */
function pageLocals(req: Request, res: Response, exitUrl: string) {
  return {
    person: res.locals.person ?? null,
    currentPath: req.path,
    /** What top.ejs tells bottom.ejs. */
    frame: {},
    exitUrl,
    /** The same page in the other language: a GET of where the person is, or of the form a POST came from. */
    languageHref: (to: Locale) => `/language?to=${to}&back=${encodeURIComponent(pageAddress(req))}`,
    /** `errorMessage: errorFor(errors, "lender")`: the words for one field, or undefined. */
    errorFor(errors: FormErrors | undefined, field: string): { text: string } | undefined {
      const found: FieldProblem | undefined = errors && Object.hasOwn(errors, field) ? errors[field] : undefined;
      return found === undefined ? undefined : { text: problemText(res.locals.t as Translate, found) };
    },
    /** Every problem with its link, in the form's order, for the error summary. */
    errorList: (errors: FormErrors | undefined) =>
      Object.entries(errors ?? {}).map(([field, found]) => ({
        text: problemText(res.locals.t as Translate, found),
        ...(field === "form" ? {} : { href: `#${field}` }),
      })),
  };
}

function pageAddress(req: Request): string {
  if (req.method === "GET" || req.method === "HEAD") return req.originalUrl;
  const referer = URL.parse(req.get("referer") ?? "");
  return referer && referer.host === req.get("host") ? referer.pathname + referer.search : req.originalUrl;
}
