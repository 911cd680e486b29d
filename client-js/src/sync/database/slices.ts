/** How long the page may be kept busy at a time, in milliseconds. Well below what a person notices: what the browser does with it comes on top. */
const BUSY = 10;
const [LEAST, MOST] = [125, 1000];

/** Decides how much is done at a time, by how long the last took. */
export interface Slices {
  /** How many documents to work on in one transaction: the application's own ones wait for it. */
  size(): number;
  /** Begins to measure; the result tells how many documents were worked on. */
  begin(): (documents: number) => void;
}

/** @param now reads a clock, in milliseconds */
export function createSlices(now = () => performance.now()): Slices {
  let size = 2 * LEAST;
  return {
    size: () => size,
    begin() {
      const began = now();
      return (documents) => {
        const fitting = (documents * BUSY) / Math.max(now() - began, 1);
        size = Math.max(LEAST, Math.min(fitting, 2 * size, MOST));
      };
    },
  };
}

/**
 * Works through a list and lets the page do other things in between.
 *
 * @param rest waits until the browser has done what it was asked to do so far, and keeps transactions alive meanwhile; begun halfway through a slice, so
 *     that the browser still has the second half to do while the page rests
 */
export async function inSlices<T, R>(
  list: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  rest: () => Promise<unknown>,
  now = () => performance.now(),
): Promise<R[]> {
  const done: R[] = [];
  for (let next = 0; next < list.length; ) {
    const began = now();
    const started: Promise<R>[] = [];
    let resting: Promise<unknown> | undefined;
    for (let busy = 0; next < list.length && busy < BUSY; busy = now() - began) {
      if (busy >= BUSY / 2) resting ??= rest();
      started.push(work(list[next] as T, next++));
    }
    if (next < list.length) resting ??= rest();
    const [results] = await Promise.all([Promise.all(started), resting]);
    done.push(...results);
  }
  return done;
}
