/** Signing in, making an account and signing out: each is one call of the sign-in library, told as an outcome. */
import type { Auth } from "./auth.ts";

export type SignedIn =
  | { ok: true; personId: string; cookies: Headers }
  | { ok: false; why: "wrong" }
  | { ok: false; why: "too-many"; seconds: number };

/** Goes through the library's own door, because its rate limit stands there. `headers` carry the visitor's address. */
export async function signIn(
  auth: Auth,
  headers: Headers,
  given: { email: string; password: string; shared: boolean },
): Promise<SignedIn> {
  const sent = new Headers(headers);
  sent.delete("cookie");
  sent.set("origin", auth.options.baseURL);
  sent.set("content-type", "application/json");
  const body = JSON.stringify({ email: given.email, password: given.password, rememberMe: !given.shared });
  const answer = await auth.handler(
    new Request(`${auth.options.baseURL}/auth/sign-in/email`, { method: "POST", headers: sent, body }),
  );
  if (answer.status === 429) {
    return { ok: false, why: "too-many", seconds: Number(answer.headers.get("x-retry-after") ?? 60) };
  }
  if (answer.status >= 500) throw new Error(`the sign-in library answered ${answer.status}`);
  if (!answer.ok) return { ok: false, why: "wrong" };
  const { user } = (await answer.json()) as { user: { id: string } };
  return { ok: true, personId: user.id, cookies: answer.headers };
}

/** Makes an account and signs it in. The caller has made sure that nobody has this address yet. */
export async function createAccount(
  auth: Auth,
  headers: Headers,
  given: { name: string; email: string; password: string },
): Promise<{ personId: string; cookies: Headers }> {
  const { response, headers: cookies } = await auth.api.signUpEmail({
    body: { name: given.name, email: given.email, password: given.password },
    headers,
    returnHeaders: true,
  });
  return { personId: response.user.id, cookies };
}
