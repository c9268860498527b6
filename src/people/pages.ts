/** What the templates under views/people print. */
import type { FormErrors, FormValues } from "../web/forms.ts";
import type { Invitation, MemberRow } from "./store.ts";

export interface SignInPage {
  title: string;
  back: string;
  values: FormValues;
  errors: FormErrors;
}

export interface LinkPage {
  title: string;
  /** Where the form posts to: the one-time link itself. */
  action: string;
  role: Invitation["role"];
  values: FormValues;
  errors: FormErrors;
}

export interface MembersPage {
  title: string;
  caseId: string;
  members: MemberRow[];
  pending: Invitation[];
  mayManage: boolean;
  me: string;
  /** A link just made; shown once. */
  link: string | null;
  errors: FormErrors;
}

export interface AccountPage {
  title: string;
  errors: FormErrors;
  saved: boolean;
}
