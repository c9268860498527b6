/**
 * Sign-in by a kept library (better-auth): e-mail and password, sessions in our database, rate limits shared by all processes.
 * It is called on the server, so that every form works without scripts. It must not know what a case is. Next: sign-in.ts.
 */
import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import type { Database } from "../platform/database.ts";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. The library's own default algorithm is argon2id. */
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

export interface AuthSettings {
  /** Where people reach the app; decides whether cookies need https. */
  baseUrl: string;
  secret: string;
  sessionIdleMinutes: number;
  /** Off only where a test signs in hundreds of times. */
  rateLimit: boolean;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(database: Database, settings: AuthSettings) {
  const created = { createdAt: "created_at", updatedAt: "updated_at" };
  return betterAuth({
    baseURL: settings.baseUrl,
    basePath: "/auth",
    secret: settings.secret,
    database: { db: database.db, type: database.kind },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      autoSignIn: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      password: {
        hash: (password) => hash(password, argon2id),
        verify: ({ hash: stored, password }) => verify(stored, password),
      },
    },
    session: {
      modelName: "sessions",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...created,
      },
      expiresIn: settings.sessionIdleMinutes * 60,
      // Every visit in the last nine tenths of the idle time pushes the end out again.
      updateAge: settings.sessionIdleMinutes * 6,
    },
    account: {
      modelName: "accounts",
      fields: {
        accountId: "account_id",
        providerId: "provider_id",
        userId: "user_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...created,
      },
    },
    verification: { modelName: "verifications", fields: { expiresAt: "expires_at", ...created } },
    user: {
      modelName: "people",
      fields: { emailVerified: "email_verified", ...created },
      additionalFields: {
        locale: { type: "string", required: false, input: false },
        standing: { type: "string", required: false, defaultValue: "member", input: false },
      },
    },
    rateLimit: {
      enabled: settings.rateLimit,
      storage: "database",
      modelName: "sign_in_limits",
      fields: { lastRequest: "last_request" },
      customRules: { "/sign-in/email": { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: "dunwatch",
      useSecureCookies: settings.baseUrl.startsWith("https:"),
      ipAddress: { ipAddressHeaders: ["x-visitor-address"] },
    },
  });
}
