/** The forms of signing in and of being invited. Messages are keys of views/locales. */
import { z } from "zod";
import { optional, required } from "../web/forms.ts";
import { PASSWORD_MAX, PASSWORD_MIN } from "./auth.ts";
import { roles } from "./permissions.ts";

const email = z
  .string({ error: "people.email.missing" })
  .trim()
  .toLowerCase()
  .max(200)
  .pipe(z.email({ error: "people.email.invalid" }));
const newPassword = z
  .string({ error: "people.password.missing" })
  .min(PASSWORD_MIN, { error: "people.password.short" })
  .max(PASSWORD_MAX, { error: "people.password.long" });

export const SignInForm = z.object({
  email,
  password: z
    .string({ error: "people.password.missing" })
    .min(1, { error: "people.password.missing" })
    .max(PASSWORD_MAX),
  back: optional(z.string().max(2000)),
  /** Ticked on a device that others use too: the session ends with the browser. */
  shared: z.preprocess((value) => value === "yes", z.boolean()),
});

/** Making an account from a one-time link: the owner's set-up link or an invitation. */
export const AccountForm = z.object({ name: required("people.name.missing", 100), email, password: newPassword });

export const PasswordForm = z.object({
  current: z
    .string({ error: "people.password.missing" })
    .min(1, { error: "people.password.missing" })
    .max(PASSWORD_MAX),
  password: newPassword,
});

export const InviteForm = z.object({ role: z.enum(roles, { error: "people.role.missing" }) });
