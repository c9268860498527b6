/** The short forms of this room: copying a code, saving a version. Next: rule-form.ts holds a rule. */
import { z } from "zod";
import { optional, required } from "../web/forms.ts";

const revision = z.coerce.number().int().min(0).catch(-1);
const note = (missing: string) => required(missing, 500);

export const CopyForm = z.object({
  /** `id`, or `case/id` for one that belongs to another case. */
  from: required("own.copy.noCode", 200),
  name: required("own.copy.noName", 200),
  note: optional(z.string().trim().max(500)),
});

export const SaveForm = z.object({
  note: note("own.save.noNote"),
  revision,
  /** Ticked when examples come out otherwise than they say and it is meant so. */
  otherwise: optional(z.literal("yes")),
});

export const YamlForm = z.object({
  yaml: z.string({ error: "own.yaml.empty" }).min(1, { error: "own.yaml.empty" }),
  revision,
});

export const RevisionForm = z.object({ revision });
