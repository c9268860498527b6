/** Long work in parts, so that the server can answer others in between. Next: judge-case.ts. */

/** What to await between two parts of long work. Inside a transaction there is none, for everybody else waits for its end. */
export type Rest = () => Promise<void>;

/** Lets everything go on that came in meanwhile. */
export const rest: Rest = () => new Promise((resolve) => setImmediate(resolve));
