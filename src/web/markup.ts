/**
 * Escaping and attributes for the parts in views/components, following govuk-frontend's Nunjucks macros.
 * Must not know any page. Text is escaped here or by `<%=`; only `html`, which our own templates make, is printed as it is.
 * Next: view.ts puts these into every template.
 */

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const special = /[&<>"']/;

/** Text made safe for HTML content and for double-quoted attributes. */
export function escapeHtml(text: string | number | boolean | null | undefined): string {
  const plain = typeof text === "string" ? text : String(text ?? "");
  return special.test(plain) ? plain.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign) : plain;
}

type AttributeValue = string | number | boolean | null | undefined;
export type Attributes = Record<string, AttributeValue | { value: AttributeValue; optional?: boolean }>;

/**
 * Attributes as markup with a leading space each. A plain value is always printed (`aria-hidden="true"`); with
 * `{ value, optional: true }` true prints the bare name and null, undefined and false print nothing.
 * A string is markup of our own and is printed as it is.
 */
export function attributes(given: Attributes | string | null | undefined): string {
  if (typeof given === "string") return given;
  let markup = "";
  for (const [name, item] of Object.entries(given ?? {})) {
    const { value, optional } = typeof item === "object" && item !== null ? item : { value: item, optional: false };
    if (optional && (value === undefined || value === null || value === false)) continue;
    markup += optional && value === true ? ` ${escapeHtml(name)}` : ` ${escapeHtml(name)}="${escapeHtml(value)}"`;
  }
  return markup;
}

/** The words of a part: `html` of our own making as it is, `text` escaped. */
export function content(part: { html?: string; text?: string | number } | string | null | undefined): string {
  if (typeof part === "string") return escapeHtml(part);
  if (part?.html) return part.html.trim();
  return escapeHtml(part?.text);
}

/** `data-i18n.*` attributes, from one message or one for each plural form. */
export function wordAttributes(key: string, message: string | Record<string, string> | undefined): string {
  if (!message) return "";
  if (typeof message === "string") return ` data-i18n.${key}="${escapeHtml(message)}"`;
  return Object.entries(message)
    .map(([form, text]) => ` data-i18n.${key}.${form}="${escapeHtml(text)}"`)
    .join("");
}

/** A class attribute's value out of the names that are there. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

const ranks: Record<string, number> = {
  criminal: 4,
  law: 4,
  regulation: 3,
  standard: 2,
  "self-regulatory": 1,
  presumption: 1,
};

/** How many of four bars a source's strength fills. */
export function strengthRank(strength: string): number {
  return ranks[strength] ?? 0;
}
