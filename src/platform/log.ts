/** The log: JSON lines on standard error, so that a command's standard output stays its answer. */
import { pino, destination, type Logger } from "pino";

export type { Logger };
export const createLogger = (level: string): Logger => pino({ level, base: null }, destination({ fd: 2, sync: false }));
