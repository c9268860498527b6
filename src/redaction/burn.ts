/**
 * Pictures with covered parts burnt in: decoded to plain pixels, covered there, and written anew. Only pixels go from the original into
 * the copy, so nothing else can: no position, no thumbnail, no comment, nothing behind the end. Runs in a process of its own (worker.ts).
 */
import decodeHeic from "heic-decode";
import sharp from "sharp";
import { blacken, pixelBoxes } from "./boxes.ts";
import { LIMITS, type PageMarks, Refusal } from "./redaction.ts";

/** Red, green, blue, a byte each; no transparency, under which colours can hide. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}
const CHANNELS = 3;
/** JPEG codes blocks of 8 × 8, its colours of 16 × 16. */
const JPEG_BLOCK = 16;

/** The picture as it is looked at: turned as the camera says, in plain colours, on white. */
export async function pixelsOf(bytes: Uint8Array, mediaType: string): Promise<Pixels> {
  const raw = mediaType === "image/heic" || mediaType === "image/heif" ? await heicPixels(bytes) : null;
  try {
    const picture =
      raw === null
        ? sharp(bytes, { limitInputPixels: LIMITS.pixels, failOn: "error", animated: false })
        : sharp(raw.data, { raw: { width: raw.width, height: raw.height, channels: 4 } });
    const { data, info } = await picture
      .autoOrient()
      .flatten({ background: "#fff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== CHANNELS) throw new Error(`${info.channels} channels`);
    return { data, width: info.width, height: info.height };
  } catch (error) {
    if (error instanceof Error && /pixel limit/i.test(error.message))
      throw new Refusal("pixels", { most: LIMITS.pixels / 1_000_000 });
    throw new Refusal("unreadable");
  }
}

async function heicPixels(bytes: Uint8Array): Promise<Pixels> {
  const { width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => ({ width: 1, height: 1 }));
  if (width * height > LIMITS.pixels) throw new Refusal("pixels", { most: LIMITS.pixels / 1_000_000 });
  try {
    const decoded = await decodeHeic({ buffer: bytes });
    return { data: Buffer.from(decoded.data.buffer), width: decoded.width, height: decoded.height };
  } catch {
    throw new Refusal("unreadable");
  }
}

/** PNG stays PNG; photographs become JPEG, in which covered parts reach to the edges of its blocks. */
export async function burn(
  bytes: Uint8Array,
  mediaType: string,
  marks: PageMarks,
): Promise<{ bytes: Buffer; mediaType: string }> {
  const pixels = await pixelsOf(bytes, mediaType);
  const asPng = mediaType === "image/png" || mediaType === "image/apng" || mediaType === "image/gif";
  cover(pixels, marks, asPng ? 1 : JPEG_BLOCK);
  return asPng
    ? { bytes: await fromPixels(pixels).png({ compressionLevel: 8 }).toBuffer(), mediaType: "image/png" }
    : { bytes: await jpegOf(pixels), mediaType: "image/jpeg" };
}

function cover(pixels: Pixels, marks: PageMarks, step: number): void {
  blacken(pixels.data, pixels.width, CHANNELS, pixelBoxes(marks, pixels.width, pixels.height, step));
}

/** A page of a document as JPEG, covered. */
export async function burntPage(pixels: Pixels, marks: PageMarks): Promise<Buffer> {
  cover(pixels, marks, JPEG_BLOCK);
  return jpegOf(pixels);
}

/** Small enough for a page of ours. */
export async function preview(pixels: Pixels, longest: number): Promise<Buffer> {
  return fromPixels(pixels)
    .resize({ width: longest, height: 4 * longest, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
}

const fromPixels = ({ data, width, height }: Pixels) => sharp(data, { raw: { width, height, channels: CHANNELS } });
const jpegOf = (pixels: Pixels): Promise<Buffer> =>
  fromPixels(pixels).jpeg({ quality: 88, chromaSubsampling: "4:2:0" }).toBuffer();
