/** What a member of a case may do. Pure; the middleware in member.ts and every page ask here. */

export const roles = ["borrower", "advocate", "reader"] as const;
export type Role = (typeof roles)[number];

/** The things one may be allowed to do inside a case. */
export type Deed = "read" | "log" | "review" | "edit-case" | "export" | "manage-members";

const deeds: Record<Role, readonly Deed[]> = {
  borrower: ["read", "log", "review", "edit-case", "export", "manage-members"],
  advocate: ["read", "log", "review", "edit-case", "export", "manage-members"],
  reader: ["read"],
};

export const may = (role: Role, deed: Deed): boolean => deeds[role].includes(deed);
