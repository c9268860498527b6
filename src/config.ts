/**
 * Every setting, its default and a sentence that explains it. The only reader of the environment.
 * The README's table is checked against `settings` by a test. Next: services.ts builds the app from a Config.
 */
import { resolve } from "node:path";
import { z } from "zod";

/** A whole number in a range; whatever else was given gets one sentence. */
const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const settings = {
  PORT: whole(0, 65_535).default(3000).describe("Port to listen on; 0 takes any free one."),
  HOST: z.string().min(1).default("127.0.0.1").describe("Address to listen on. Only this machine by default."),
  BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address people type, when it differs from http://HOST:PORT, such as https://dunwatch.example."),
  DATA_DIR: z
    .string()
    .min(1)
    .default("data/local")
    .describe("Folder for the database, the evidence, keys and dossiers."),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, "must begin with sqlite: or postgres://")
    .default("sqlite:dunwatch.db")
    .describe("sqlite: with a path inside DATA_DIR, or postgres://user:password@host/database."),
  SECRET: z
    .string()
    .min(32, "must have at least 32 characters")
    .optional()
    .describe(
      "Signs session cookies. By default made at first start and kept in DATA_DIR/keys; set it when several processes serve together.",
    ),
  SESSION_IDLE_MINUTES: whole(5, 43_200)
    .default(720)
    .describe("A person who does nothing for this long is signed out."),
  MAX_FILE_MB: whole(1, 1_000_000).default(2048).describe("Largest single evidence file, in megabytes."),
  MAX_FILES: whole(1, 1000).default(100).describe("Most files in one form."),
  EXIT_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://www.bing.com/")
    .describe("Where the button 'Exit this page' leads."),
  TRUST_PROXY: whole(0, 10)
    .default(0)
    .describe("How many reverse proxies stand in front and may be believed about the visitor's address."),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must look like smtp://user:password@host:587 or smtps://host" })
    .optional()
    .describe("Mail server for reminders people asked for. Without it no mail is ever sent."),
  SMTP_FROM: z
    .email()
    .optional()
    .describe("Sender of the reminders; needed with SMTP_URL. Choose an address that tells a stranger nothing."),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info").describe("How much to log."),
} as const;

const Environment = z.object(settings);

export interface Config {
  port: number;
  host: string;
  /** Without a trailing slash; null = made from host and port once listening. */
  baseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** `sqlite:/absolute/path` or `postgres://…`. */
  databaseUrl: string;
  secret: string | null;
  sessionIdleMinutes: number;
  maxFileBytes: number;
  maxFiles: number;
  exitUrl: string;
  trustProxy: number;
  /** Both null = no mail is ever sent. */
  smtpUrl: string | null;
  smtpFrom: string | null;
  logLevel: z.infer<typeof Environment>["LOG_LEVEL"];
}

/** A setting that cannot be used. The message is a sentence for the operator, naming the setting. */
export class ConfigError extends Error {}

/** @throws {ConfigError} naming every wrong setting. An empty value counts as not set. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => (env[name] === undefined || env[name] === "" ? [] : [[name, env[name]]])),
  );
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => `Setting ${issue.path.join(".")}: ${issue.message}.`);
    throw new ConfigError(sentences.join("\n"));
  }
  const value = parsed.data;
  if ((value.SMTP_URL === undefined) !== (value.SMTP_FROM === undefined))
    throw new ConfigError("Settings SMTP_URL and SMTP_FROM: one needs the other.");
  const dataDir = resolve(value.DATA_DIR);
  return {
    port: value.PORT,
    host: value.HOST,
    baseUrl: value.BASE_URL?.replace(/\/+$/, "") ?? null,
    dataDir,
    databaseUrl: value.DATABASE_URL.startsWith("sqlite:")
      ? `sqlite:${resolve(dataDir, value.DATABASE_URL.slice("sqlite:".length))}`
      : value.DATABASE_URL,
    secret: value.SECRET ?? null,
    sessionIdleMinutes: value.SESSION_IDLE_MINUTES,
    maxFileBytes: value.MAX_FILE_MB * 1_000_000,
    maxFiles: value.MAX_FILES,
    exitUrl: value.EXIT_URL,
    trustProxy: value.TRUST_PROXY,
    smtpUrl: value.SMTP_URL ?? null,
    smtpFrom: value.SMTP_FROM ?? null,
    logLevel: value.LOG_LEVEL,
  };
}
