/** What must hold for every case, under all codes that come with Dunwatch at once. */
import { describe } from "vitest";
import { declareProperties } from "./judging-properties.ts";
import { everyCode } from "./shipped-judges.ts";

describe("judging under all installed codes", () => {
  // Dozens of rules answer for every incident, so there are fewer of them.
  declareProperties(everyCode, { length: 12, share: 1 / 3 });
});
