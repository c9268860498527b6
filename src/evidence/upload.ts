/**
 * Files of a form, streamed to the store of bytes while they arrive; never whole in memory. What cannot be taken is told by name, beside
 * the other errors of the form, instead of failing the request. Knows no case: the routes say who may send.
 */
import type { Request, RequestHandler, Response } from "express";
import multer from "multer";
import type { Services } from "../services.ts";
import { badRequest } from "../web/errors.ts";
import { TooLarge, isDiskFull } from "./blobs.ts";
import { type ReceivedFile, keptName } from "./evidence.ts";
import { mediaTypeOf } from "./media-type.ts";

interface RefusedFile {
  name: string;
  why: "empty" | "too-large" | "too-many" | "disk-full";
}

export interface Upload {
  files: ReceivedFile[];
  refused: RefusedFile[];
  /** The most bytes a file and the most files a form may have. */
  limits: { bytes: number; files: number };
}

/** Texts of a form; the longest field (100,000 characters of Chinese) fits several times over. */
const FORM_LIMITS = { fieldSize: 400_000, fields: 200, fieldNameSize: 100, headerPairs: 100 };

/** Goes before the handler of a form with a file field `files`; also lets forms without files through. */
export function receiveFiles({ blobs, config, log }: Services): RequestHandler {
  const limits = { bytes: config.maxFileBytes, files: config.maxFiles };

  /** What our own storing threw; anything else that ends the parsing is the request's fault. */
  const failures = new WeakMap<Request, unknown>();
  /** Slots keep the order in which the person chose the files, whichever is stored first. */
  const slotsOf = new WeakMap<Request, (ReceivedFile | RefusedFile)[]>();

  async function receive(stream: NodeJS.ReadableStream, name: string): Promise<ReceivedFile | RefusedFile> {
    try {
      // Not destroyed when given up: the parser would wait for it for ever and the rest of the form be lost.
      const chunks = (stream as import("node:stream").Readable).iterator({ destroyOnReturn: false });
      const { sha256, size } = await blobs.receive(chunks, limits.bytes);
      if (size === 0) return { name, why: "empty" };
      return { sha256, size, name, mediaType: await mediaTypeOf(blobs, sha256, size) };
    } catch (error) {
      stream.resume();
      if (error instanceof TooLarge) return { name, why: "too-large" };
      if (!isDiskFull(error)) throw error;
      log.error({ err: error }, "the disk is full: a file was refused");
      return { name, why: "disk-full" };
    }
  }

  const parse = multer({
    preservePath: true,
    defParamCharset: "utf8",
    limits: FORM_LIMITS,
    fileFilter(req, file, done) {
      const slots = slotsOf.get(req) ?? [];
      slotsOf.set(req, slots);
      const taken = slots.length < limits.files;
      if (!taken) slots.push({ name: keptName(file.originalname), why: "too-many" });
      done(null, taken);
    },
    storage: {
      _handleFile(req, file, done) {
        const slots = slotsOf.get(req)!;
        const name = keptName(file.originalname);
        const at = slots.push({ name, why: "empty" }) - 1;
        receive(file.stream, name).then(
          (slot) => {
            slots[at] = slot;
            done(null, {});
          },
          (error: unknown) => {
            failures.set(req, error);
            done(error);
          },
        );
      },
      // Bytes without a row that refers to them harm nobody; integrity.ts tidies them away.
      _removeFile: (_req, _file, done) => done(null),
    },
  }).array("files");

  return (req, res, next) => {
    parse(req, res, (error: unknown) => {
      const slots = slotsOf.get(req) ?? [];
      res.locals.upload = {
        files: slots.filter((slot) => "sha256" in slot),
        refused: slots.filter((slot) => "why" in slot),
        limits,
      } satisfies Upload;
      if (error === undefined || error instanceof multer.MulterError) return next(error);
      // Cut off, or no form at all: nothing is wrong with us. A sender that left makes our storing fail, too.
      next(failures.has(req) && req.complete ? failures.get(req) : badRequest());
    });
  };
}

/** Only behind {@link receiveFiles}. */
export const uploadOf = (res: Response): Upload => res.locals.upload as Upload;
