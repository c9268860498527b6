/**
 * The Ed25519 key of this installation and what is signed with it. Only Node's crypto and the key's folder; it must not know what a
 * dossier is. The public key travels in every bag, so that `openssl pkeyutl -verify` can check it without us. Next: bag.ts.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface SigningKey {
  /** SubjectPublicKeyInfo as PEM, exactly as written into a bag. */
  publicPem: string;
  /** Lower-case hex SHA-256 of the public key's DER form; printed in the PDF. */
  fingerprint: string;
  /** A raw Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
}

/** SHA-256 of the DER form, what `openssl pkey -pubin -in signing-key.pem -outform DER | sha256sum` prints. */
function fingerprintOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/**
 * The installation's key, made on first use under `<dataDir>/keys/dossier-ed25519.pem` (mode 0600, its folder 0700).
 * Two processes starting together agree: the key is written aside and linked into place, which only one of them can do.
 */
export async function openSigningKey(dataDir: string): Promise<SigningKey> {
  const folder = join(dataDir, "keys");
  const path = join(folder, "dossier-ed25519.pem");
  let pem = await readIfThere(path);
  if (pem === null) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const made = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
    const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    await writeFile(aside, made, { mode: 0o600, flag: "wx" });
    try {
      await link(aside, path);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    } finally {
      await rm(aside);
    }
    pem = await readFile(path, "utf8");
  }
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error(`${path} is not an Ed25519 private key`);
  const publicKey = createPublicKey(privateKey);
  return {
    publicPem: publicKey.export({ type: "spki", format: "pem" }),
    fingerprint: fingerprintOf(publicKey),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && "code" in error && error.code === code;
