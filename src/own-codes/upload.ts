/**
 * The file of a code as it is sent, by upload or in a text field: read into memory, which its limit allows. Too much of it is told like any
 * other fault of the form. Next: routes.ts.
 */
import type { RequestHandler, Response } from "express";
import multer from "multer";
import { LARGEST } from "../codes/load.ts";
import { badRequest } from "../web/errors.ts";

export interface SentCode {
  /** Null when no file was chosen. */
  file: { name: string; text: string } | null;
  tooLarge: boolean;
  /** False where the file is not text in UTF-8. */
  readable: boolean;
}

/** Goes before the handler of a form with a file field `file`. */
export function receiveCode(): RequestHandler {
  const parse = multer({
    storage: multer.memoryStorage(),
    defParamCharset: "utf8",
    limits: { fileSize: LARGEST, files: 1, fieldSize: LARGEST, fields: 10, fieldNameSize: 100, headerPairs: 100 },
  }).single("file");
  return (req, res, next) => {
    parse(req, res, (error: unknown) => {
      const tooLarge =
        error instanceof multer.MulterError && ["LIMIT_FILE_SIZE", "LIMIT_FIELD_VALUE"].includes(error.code);
      if (error !== undefined && !tooLarge) return next(error instanceof multer.MulterError ? error : badRequest());
      const sent: SentCode = { file: null, tooLarge, readable: true };
      if (req.file !== undefined && req.file.size > 0 && !tooLarge) {
        try {
          const text = new TextDecoder("utf-8", { fatal: true }).decode(req.file.buffer);
          sent.file = { name: req.file.originalname.replaceAll(/[^\p{L}\p{N}. _-]/gu, "_").slice(-100), text };
        } catch {
          sent.readable = false;
        }
      }
      res.locals.sentCode = sent;
      next();
    });
  };
}

/** Only behind {@link receiveCode}. */
export const sentCodeOf = (res: Response): SentCode => res.locals.sentCode as SentCode;
