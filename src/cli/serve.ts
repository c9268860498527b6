/** `dunwatch serve`: the same as npm start. */
import { serve } from "../main.ts";

export const run = (): Promise<number> => serve(process.env);
