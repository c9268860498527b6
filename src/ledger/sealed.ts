/**
 * What an entry says, as the history may know it. The history of a case travels whole with every dossier, entries only if chosen: so an
 * event holds no words and no amounts but a digest, and what it stands for is kept beside the entry. With the salt nobody can find out by
 * trying, and whoever is shown the facts and the salt can see that they are what was written then. Pure.
 */
import { createHash, randomBytes } from "node:crypto";

export interface Sealed {
  factsJson: string;
  /** 16 random bytes as hex. */
  salt: string;
  /** SHA-256 (hex) over the UTF-8 of salt, a line feed, and the facts as JSON. */
  digest: string;
}

export function seal(facts: object, salt = randomBytes(16).toString("hex")): Sealed {
  const factsJson = JSON.stringify(facts);
  return { factsJson, salt, digest: createHash("sha256").update(`${salt}\n${factsJson}`).digest("hex") };
}
