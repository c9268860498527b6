/**
 * The wall round one case: a member passes with a role, anybody else gets the same 404 as for a case that does not exist.
 * Next: permissions.ts says what each role may do.
 */
import type { RequestHandler } from "express";
import type { Db } from "../platform/database.ts";
import { forbidden, notFound } from "../web/errors.ts";
import { type Deed, may } from "./permissions.ts";
import { type Member, memberOf, personOf } from "./person.ts";
import { roleIn } from "./store.ts";

/** For everything below `/cases/:case`; goes behind `requirePerson`. */
export function requireMember(db: Db): RequestHandler {
  return async (req, res, next) => {
    const caseId = String(req.params.case);
    const personId = personOf(res).id;
    const role = await roleIn(db, caseId, personId);
    if (role === null) throw notFound();
    res.locals.member = { caseId, personId, role } satisfies Member;
    next();
  };
}

/** A member whose role does not allow this deed is told so. */
export function requireMay(deed: Deed): RequestHandler {
  return (_req, res, next) => {
    if (!may(memberOf(res).role, deed)) throw forbidden("people.notAllowed");
    next();
  };
}
