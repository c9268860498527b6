/**
 * Who is signed in, and what a member of a case is: the two facts every request inside the app carries.
 * Knows nothing of how either was found out (session.ts, member.ts). Next: permissions.ts.
 */
import type { Response } from "express";
import type { Role } from "./permissions.ts";

export interface Person {
  id: string;
  name: string;
  email: string;
  /** Their chosen language; null follows the browser. */
  locale: string | null;
  /** The owner set the installation up. */
  standing: "owner" | "member";
}

export interface Member {
  caseId: string;
  personId: string;
  role: Role;
}

/** The signed-in person. Only behind `requirePerson`. */
export const personOf = (res: Response): Person => res.locals.person as Person;

/** The signed-in person as a member of this case. Only behind `requireMember`. */
export const memberOf = (res: Response): Member => res.locals.member as Member;
