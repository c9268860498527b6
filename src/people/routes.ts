/** Sign-in, the one-time links, a person's own account, and the members of a case. */
import { Router } from "express";
import type { Services } from "../services.ts";
import { forbidden, notFound } from "../web/errors.ts";
import { type FormErrors, formValues, parseForm } from "../web/forms.ts";
import { ownPath } from "../web/language.ts";
import type { Translate } from "../web/locale.ts";
import { AccountForm, InviteForm, PasswordForm, SignInForm } from "./form.ts";
import { requireMay } from "./member.ts";
import type { AccountPage, LinkPage, MembersPage, SignInPage } from "./pages.ts";
import { may } from "./permissions.ts";
import { type Person, memberOf, personOf } from "./person.ts";
import { authHeaders, passCookies, requirePerson } from "./session.ts";
import { createAccount, signIn } from "./sign-in.ts";
import {
  acceptInvitation,
  createInvitation,
  hasAccount,
  listMembers,
  openInvitation,
  pendingInvitations,
  removeAccount,
  removeMember,
  revokeInvitation,
} from "./store.ts";

/** Everything a stranger may see: sign-in, sign-out, and one-time links. */
export function doorRoutes(services: Services): Router {
  const { auth, db, clock } = services;
  const router = Router();
  const t = (res: { locals: Record<string, unknown> }) => res.locals.t as Translate;

  router.get("/sign-in", (req, res) => {
    if (res.locals.person !== null) return res.redirect(303, ownPath(req.query.back));
    const page: SignInPage = {
      title: t(res)("people.signIn.title"),
      back: ownPath(req.query.back),
      values: {},
      errors: {},
    };
    res.render("people/sign-in", page);
  });

  router.post("/sign-in", async (req, res) => {
    const values = formValues(req.body);
    const again = (status: number, errors: FormErrors) =>
      res.status(status).render("people/sign-in", {
        title: t(res)("people.signIn.title"),
        back: ownPath(values.back),
        values: { email: values.email ?? "", shared: values.shared ?? "" },
        errors,
      } satisfies SignInPage);
    const form = parseForm(SignInForm, req.body);
    if (!form.ok) return again(422, form.errors);
    const outcome = await signIn(auth, authHeaders(req), form.value);
    if (outcome.ok) {
      passCookies(outcome.cookies, res);
      return res.redirect(303, ownPath(form.value.back));
    }
    return outcome.why === "too-many"
      ? again(429, { form: { key: "people.signIn.tooMany", params: { seconds: outcome.seconds } } })
      : again(422, { email: "people.signIn.wrong" });
  });

  router.post("/sign-out", async (req, res) => {
    const { headers } = await auth.api.signOut({ headers: authHeaders(req), returnHeaders: true });
    passCookies(headers, res);
    // Nothing of the pages seen stays in this browser.
    res.set("Clear-Site-Data", '"cache"');
    res.redirect(303, "/sign-in");
  });

  // The set-up link and an invitation are the same thing: a token that makes an account, or joins one.
  router.get("/links/:token", async (req, res) => {
    const invitation = await openInvitation(db, req.params.token, clock.now());
    if (invitation === null) throw notFound();
    res.render("people/link", {
      title: t(res)(invitation.role === "owner" ? "people.setUp.title" : "people.invited.title"),
      action: req.originalUrl,
      role: invitation.role,
      values: {},
      errors: {},
    } satisfies LinkPage);
  });

  router.post("/links/:token", async (req, res) => {
    const invitation = await openInvitation(db, req.params.token, clock.now());
    if (invitation === null) throw notFound();
    const target = invitation.caseId === null ? "/" : `/cases/${invitation.caseId}`;
    const accept = (personId: string) =>
      db.transaction().execute((tx) => acceptInvitation(tx, invitation, personId, clock.now()));

    const signedIn = res.locals.person as Person | null;
    if (signedIn !== null) {
      if (!(await accept(signedIn.id))) throw notFound();
      return res.redirect(303, target);
    }
    const again = (errors: FormErrors) =>
      res.status(422).render("people/link", {
        title: t(res)(invitation.role === "owner" ? "people.setUp.title" : "people.invited.title"),
        action: req.originalUrl,
        role: invitation.role,
        values: { ...formValues(req.body), password: "" },
        errors,
      } satisfies LinkPage);
    const form = parseForm(AccountForm, req.body);
    if (!form.ok) return again(form.errors);
    if (await hasAccount(db, form.value.email)) return again({ email: "people.email.taken" });
    const { personId, cookies } = await createAccount(auth, authHeaders(req), form.value);
    if (!(await accept(personId))) {
      // Another used the link while this account was made: nobody invited this one.
      await removeAccount(db, personId);
      throw notFound();
    }
    passCookies(cookies, res);
    return res.redirect(303, target);
  });

  router.get("/account", requirePerson, (req, res) => {
    const page: AccountPage = { title: t(res)("people.account.title"), errors: {}, saved: req.query.saved === "1" };
    res.render("people/account", page);
  });

  router.post("/account/password", requirePerson, async (req, res) => {
    const again = (errors: FormErrors) =>
      res.status(422).render("people/account", {
        title: t(res)("people.account.title"),
        errors,
        saved: false,
      } satisfies AccountPage);
    const form = parseForm(PasswordForm, req.body);
    if (!form.ok) return again(form.errors);
    try {
      const { headers } = await auth.api.changePassword({
        body: { currentPassword: form.value.current, newPassword: form.value.password, revokeOtherSessions: true },
        headers: authHeaders(req),
        returnHeaders: true,
      });
      passCookies(headers, res);
    } catch (error) {
      if ((error as { body?: { code?: string } }).body?.code === "INVALID_PASSWORD") {
        return again({ current: "people.password.wrong" });
      }
      throw error;
    }
    return res.redirect(303, "/account?saved=1");
  });
  return router;
}

/** Who is in a case; below `/cases/:case/members`. */
export function memberRoutes(services: Services): Router {
  const { db, clock } = services;
  const router = Router({ mergeParams: true });
  const manage = requireMay("manage-members");

  const page = async (
    res: Parameters<typeof memberOf>[0],
    link: string | null,
    errors: FormErrors,
  ): Promise<MembersPage> => {
    const { caseId, role } = memberOf(res);
    const mayManage = may(role, "manage-members");
    return {
      title: (res.locals.t as Translate)("people.members.title"),
      caseId,
      members: await listMembers(db, caseId),
      pending: mayManage ? await pendingInvitations(db, caseId, clock.now()) : [],
      mayManage,
      me: personOf(res).id,
      link,
      errors,
    };
  };

  router.get("/", async (_req, res) => {
    res.render("people/members", await page(res, null, {}));
  });

  // Shown in the answer itself rather than after a redirect: the token is kept nowhere, so this is the only time to read it.
  router.post("/invitations", manage, async (req, res) => {
    const form = parseForm(InviteForm, req.body);
    if (!form.ok) return res.status(422).render("people/members", await page(res, null, form.errors));
    const { caseId, personId } = memberOf(res);
    const token = await db
      .transaction()
      .execute((tx) => createInvitation(tx, { caseId, role: form.value.role, invitedBy: personId, at: clock.now() }));
    return res.render("people/members", await page(res, `${services.origin()}/links/${token}`, {}));
  });

  router.post("/invitations/:invitation/revocation", manage, async (req, res) => {
    const { caseId, personId } = memberOf(res);
    const by = { actor: personId, at: clock.now() };
    const done = await db
      .transaction()
      .execute((tx) => revokeInvitation(tx, caseId, String(req.params.invitation), by));
    if (!done) throw notFound();
    res.redirect(303, `/cases/${caseId}/members`);
  });

  // Anybody may leave; sending somebody else away takes a right.
  router.post("/:person/removal", async (req, res) => {
    const { caseId, personId, role } = memberOf(res);
    const leaving = String(req.params.person);
    if (leaving !== personId && !may(role, "manage-members")) throw forbidden("people.notAllowed");
    const by = { actor: personId, at: clock.now() };
    const done = await db.transaction().execute((tx) => removeMember(tx, caseId, leaving, by));
    if (!done) {
      return res.status(422).render("people/members", await page(res, null, { form: "people.members.last" }));
    }
    return res.redirect(303, leaving === personId ? "/" : `/cases/${caseId}/members`);
  });
  return router;
}
