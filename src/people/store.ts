/** People, members and one-time links in the database. Accounts and sessions are written by the sign-in library alone. */
import { createHash, randomBytes } from "node:crypto";
import { record } from "../history/store.ts";
import type { Db, Tx } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { type Role, roles } from "./permissions.ts";
import type { Person } from "./person.ts";

const DAY = 86_400_000;
/** How long a one-time link may be used. */
const LINK_DAYS = 7;

export async function hasOwner(db: Db): Promise<boolean> {
  const row = await db.selectFrom("people").select("id").where("standing", "=", "owner").limit(1).executeTakeFirst();
  return row !== undefined;
}

async function makeOwner(tx: Tx, personId: string): Promise<void> {
  await tx.updateTable("people").set({ standing: "owner" }).where("id", "=", personId).execute();
}

export async function rememberLocale(db: Db, personId: string, locale: string): Promise<void> {
  await db.updateTable("people").set({ locale }).where("id", "=", personId).execute();
}

export async function hasAccount(db: Db, email: string): Promise<boolean> {
  const row = await db.selectFrom("people").select("id").where("email", "=", email).executeTakeFirst();
  return row !== undefined;
}

/** Takes back an account just made, with its session; it may not be in any case. */
export async function removeAccount(db: Db, personId: string): Promise<void> {
  await db.deleteFrom("people").where("id", "=", personId).execute();
}

/** The session with this token, and whose it is; expired or not (`expiresAt` in epoch milliseconds). */
export async function sessionOf(db: Db, token: string): Promise<{ person: Person; expiresAt: number } | null> {
  const row = await db
    .selectFrom("sessions")
    .innerJoin("people", "people.id", "sessions.user_id")
    .select(["people.id", "name", "email", "locale", "standing", "expires_at"])
    .where("token", "=", token)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { id, name, email, locale, standing } = row;
  return {
    person: { id, name, email, locale, standing: standing === "owner" ? "owner" : "member" },
    expiresAt: new Date(row.expires_at).valueOf(),
  };
}

export async function roleIn(db: Db, caseId: string, personId: string): Promise<Role | null> {
  const row = await db
    .selectFrom("case_members")
    .select("role")
    .where("case_id", "=", caseId)
    .where("person_id", "=", personId)
    .executeTakeFirst();
  return roles.find((role) => role === row?.role) ?? null;
}

export interface MemberRow {
  personId: string;
  name: string;
  email: string;
  role: Role;
  addedAt: number;
}

export async function listMembers(db: Db, caseId: string): Promise<MemberRow[]> {
  const rows = await db
    .selectFrom("case_members")
    .innerJoin("people", "people.id", "case_members.person_id")
    .select(["people.id", "people.name", "people.email", "case_members.role", "case_members.added_at"])
    .where("case_members.case_id", "=", caseId)
    .orderBy("case_members.added_at")
    .orderBy("people.id")
    .execute();
  return rows.map((row) => ({
    personId: row.id,
    name: row.name,
    email: row.email,
    role: roles.find((role) => role === row.role) ?? "reader",
    addedAt: row.added_at,
  }));
}

/**
 * Takes a person out of a case. The last one who may manage members stays, so that no case is left without anybody.
 * @returns false when that person is not a member or is the last manager.
 */
export async function removeMember(
  tx: Tx,
  caseId: string,
  personId: string,
  by: { actor: string; at: number },
): Promise<boolean> {
  // An update that changes nothing locks the rows: two managers who send each other away at once must not both go.
  const members = await tx
    .updateTable("case_members")
    .set((eb) => ({ role: eb.ref("role") }))
    .where("case_id", "=", caseId)
    .returning(["person_id", "role"])
    .execute();
  const leaving = members.find((member) => member.person_id === personId);
  const managersLeft = members.filter((member) => member.role !== "reader" && member.person_id !== personId);
  if (leaving === undefined || managersLeft.length === 0) return false;
  await tx.deleteFrom("case_members").where("case_id", "=", caseId).where("person_id", "=", personId).execute();
  await record(tx, {
    caseId,
    actor: by.actor,
    at: by.at,
    action: "member.removed",
    subject: `person:${personId}`,
    detail: { role: leaving.role },
  });
  return true;
}

// --- one-time links --------------------------------------------------------------------------------------------

export interface Invitation {
  id: string;
  caseId: string | null;
  role: Role | "owner";
  invitedBy: string | null;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
}

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");

/** Writes a link and returns its token, which is shown once and kept nowhere. */
export async function createInvitation(
  tx: Tx,
  invitation: { caseId: string | null; role: Role | "owner"; invitedBy: string | null; at: number },
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const id = newId(invitation.at);
  await tx
    .insertInto("invitations")
    .values({
      id,
      token_sha256: sha256(token),
      case_id: invitation.caseId,
      role: invitation.role,
      invited_by: invitation.invitedBy,
      created_at: invitation.at,
      expires_at: invitation.at + LINK_DAYS * DAY,
    })
    .execute();
  if (invitation.caseId !== null) {
    await record(tx, {
      caseId: invitation.caseId,
      actor: invitation.invitedBy ?? "system",
      at: invitation.at,
      action: "invitation.made",
      subject: `invitation:${id}`,
      detail: { role: invitation.role },
    });
  }
  return token;
}

/** A new set-up link; earlier unused ones stop working, so that only the link printed last counts. */
export async function createSetUpLink(tx: Tx, at: number): Promise<string> {
  await tx
    .updateTable("invitations")
    .set({ revoked_at: at })
    .where("role", "=", "owner")
    .where("used_at", "is", null)
    .execute();
  return createInvitation(tx, { caseId: null, role: "owner", invitedBy: null, at });
}

/** The invitation behind a token, if it can still be used now. */
export async function openInvitation(db: Db, token: string, now: number): Promise<Invitation | null> {
  const row = await db
    .selectFrom("invitations")
    .selectAll()
    .where("token_sha256", "=", sha256(token))
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/**
 * Uses a link up and carries out what it promised: the owner's standing, or membership of the case (an existing member keeps the role).
 * @returns false when somebody else used it first.
 */
export async function acceptInvitation(tx: Tx, invitation: Invitation, personId: string, at: number): Promise<boolean> {
  const used = await tx
    .updateTable("invitations")
    .set({ used_at: at, used_by: personId })
    .where("id", "=", invitation.id)
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (used.numUpdatedRows === 0n) return false;
  if (invitation.role === "owner") await makeOwner(tx, personId);
  else if (invitation.caseId !== null) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("case_members")
      .values({
        case_id: invitation.caseId,
        person_id: personId,
        role: invitation.role,
        added_by: invitation.invitedBy ?? personId,
        added_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) {
      await record(tx, {
        caseId: invitation.caseId,
        actor: personId,
        at,
        action: "member.joined",
        subject: `person:${personId}`,
        detail: { role: invitation.role },
      });
    }
  }
  return true;
}

/** Links to a case that could still be used. */
export async function pendingInvitations(db: Db, caseId: string, now: number): Promise<Invitation[]> {
  const rows = await db
    .selectFrom("invitations")
    .selectAll()
    .where("case_id", "=", caseId)
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("created_at")
    .execute();
  return rows.map(fromRow);
}

/** @returns false when there is no such usable link in this case. */
export async function revokeInvitation(
  tx: Tx,
  caseId: string,
  id: string,
  by: { actor: string; at: number },
): Promise<boolean> {
  const revoked = await tx
    .updateTable("invitations")
    .set({ revoked_at: by.at })
    .where("id", "=", id)
    .where("case_id", "=", caseId)
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (revoked.numUpdatedRows === 0n) return false;
  await record(tx, {
    caseId,
    actor: by.actor,
    at: by.at,
    action: "invitation.revoked",
    subject: `invitation:${id}`,
    detail: {},
  });
  return true;
}

function fromRow(row: {
  id: string;
  case_id: string | null;
  role: string;
  invited_by: string | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}): Invitation {
  return {
    id: row.id,
    caseId: row.case_id,
    role: row.role === "owner" ? "owner" : (roles.find((role) => role === row.role) ?? "reader"),
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
