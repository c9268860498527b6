/**
 * What a record of an answered call says of how it went: that somebody answered, and for how long; never what was said.
 * It must not know formats.
 */
import type { Outcome } from "../conduct/vocabulary.ts";

/**
 * Shorter than it takes to say who is calling and to be answered. A longer call is taken for a conversation, which the person can
 * correct in the preview and later; the record proves only that the call was answered.
 */
const SHORTEST_CONVERSATION_SECONDS = 15;

/** @param seconds how long the record says it lasted; null when it does not. Zero proves nothing: some records write it for missed calls. */
export function answered(seconds: number | null): Outcome {
  if (seconds === null || seconds === 0) return "unknown";
  return seconds < SHORTEST_CONVERSATION_SECONDS ? "connected" : "conversation";
}
