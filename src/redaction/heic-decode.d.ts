/** The package has no types of its own. */
declare module "heic-decode" {
  /** Red, green, blue, alpha of the main picture, turned as the file says. */
  export default function decode(file: {
    buffer: Uint8Array;
  }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
}
