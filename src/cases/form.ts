/** The forms about a case, its debts and its collectors: what a browser sends, made into facts. Messages are keys of views/locales. */
import { z } from "zod";
import { collectorKinds, lenderKinds, respondentKinds } from "../conduct/vocabulary.ts";
import { isZone } from "../conduct/zone.ts";
import { optional, required } from "../web/forms.ts";
import { type CaseFacts, type CollectorFacts, type DebtFacts, handleFrom, inOrder } from "./case.ts";

/** Countries and regions (ISO 3166 alpha-2) we keep codes of conduct for; any other is null. */
export const countries = ["CN", "US", "GB", "IN", "PH", "ID", "HK", "MY", "SG", "TW", "KE", "NG"] as const;
/** Currencies with two decimals, so that an amount can be written the same way in all of them. */
export const currencies = [
  "CNY",
  "USD",
  "HKD",
  "EUR",
  "GBP",
  "INR",
  "PHP",
  "IDR",
  "MYR",
  "SGD",
  "TWD",
  "KES",
  "NGN",
] as const;
export const MOST_HANDLES = 300;

const line = (longest = 200) => optional(z.string().trim().max(longest)).transform((value) => value ?? null);
const note = optional(z.string().trim().max(10_000)).transform((value) => value ?? null);
const day = optional(z.iso.date({ error: "cases.date.invalid" })).transform((value) => value ?? null);
const zone = z
  .string({ error: "cases.zone.missing" })
  .max(100)
  .refine((name) => /^[A-Za-z0-9_+\-/]+$/.test(name) && isZone(name), { error: "cases.zone.invalid" });
const country = optional(z.enum([...countries, "other"])).transform((value) =>
  value === undefined || value === "other" ? null : value,
);
const fact = z
  .enum(["yes", "no", "unknown"])
  .default("unknown")
  .transform((value) => (value === "unknown" ? null : value === "yes"));
export const version = z.coerce.number({ error: "cases.version.missing" }).int().min(1).max(1_000_000_000);

const basics = {
  borrower: required("cases.borrower.missing", 100),
  lender: optional(z.string().trim().max(200)).transform((value) => value ?? ""),
  lenderKind: z.enum(lenderKinds).default("unknown"),
  respondentKind: z.enum(respondentKinds).default("unknown"),
  platform: line(),
  country,
  zone,
  pastDueOn: day,
};

export const NewCaseForm = z.object({
  role: z.enum(["borrower", "advocate"], { error: "cases.role.missing" }),
  ...basics,
});

export const CaseForm = z.object({
  ...basics,
  reachable: fact,
  debtLawful: fact,
  employerForbids: fact,
}) satisfies z.ZodType<Omit<CaseFacts, "codes">>;

const currencyWords = new RegExp(
  String.raw`^(?:[¥£€₹₱₦$]|(?:HK|NT|US|S|C)\$|(?:Rp|Rs)\.?|RM|KSh|RMB|${currencies.join("|")})|(?:元|RMB|${currencies.join("|")})$`,
  "gi",
);
/**
 * "12,345.67" in the smallest unit. Full-width digits, the sign or the letters of a currency ("¥", "Rp", "KSh", "INR") and dots between
 * thousands ("Rp 1.500.000") are understood; three digits behind a dot are never decimals here.
 */
export const amount = optional(
  z
    .string()
    .transform((text) => {
      const plain = text.normalize("NFKC").replace(/\s/g, "").replace(currencyWords, "");
      // "500,50" is five hundred and a half to some and a slip to others, never fifty thousand and fifty: it is asked again.
      if (/,\d{1,2}(?![\d,])/.test(plain)) return plain;
      const bare = plain.replaceAll(",", "");
      return /^\d{1,3}(\.\d{3})+$/.test(bare) ? bare.replaceAll(".", "") : bare;
    })
    .pipe(z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, { error: "cases.debt.amount.invalid" }))
    .transform((text) => Math.round(Number(text) * 100)),
).transform((value) => value ?? null);

export const DebtForm = z
  .object({
    creditor: required("cases.debt.creditor.missing"),
    product: line(),
    reference: line(),
    dueOn: day,
    amount,
    currency: z.enum(currencies).default("CNY"),
    note,
  })
  .transform(({ amount: amountMinor, currency, ...rest }): DebtFacts => ({
    ...rest,
    amountMinor,
    currency: amountMinor === null ? null : currency,
  }));

export const CollectorForm = z
  .object({
    name: required("cases.collector.name.missing"),
    kind: z.enum(collectorKinds).default("unknown"),
    /** One number, address or account a line. */
    handles: z
      .string()
      .default("")
      .transform((text) => [...new Set(text.split("\n").map((value) => value.trim()))].filter((value) => value !== ""))
      .pipe(z.array(z.string().max(200, { error: "cases.collector.handles.long" })).max(MOST_HANDLES)),
    note,
  })
  .transform(({ handles, ...rest }): CollectorFacts => ({
    ...rest,
    handles: inOrder(handles.map(handleFrom)),
  }));
