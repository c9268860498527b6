/** How long some work keeps the event loop from everybody else, in processor time of this thread: a clock says nothing on a busy machine. */

const spent = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

export interface Turns<T> {
  value: T;
  /** Processor milliseconds of the whole work, and of its longest turn. */
  ms: number;
  longest: number;
}

export async function turnsOf<T>(work: () => Promise<T>): Promise<Turns<T>> {
  const begun = spent();
  const state = { working: true, last: begun, longest: 0 };
  const turn = () => {
    const now = spent();
    state.longest = Math.max(state.longest, now - state.last);
    state.last = now;
    if (state.working) setTimeout(turn, 1);
  };
  setTimeout(turn, 0);
  const value = await work();
  const ms = spent() - begun;
  state.working = false;
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { value, ms, longest: state.longest };
}
