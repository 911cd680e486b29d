import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE = 30_000;

/** Waits until a probe answers something; fails with what the probe last saw. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  patience = PATIENCE,
): Promise<T> {
  const end = Date.now() + patience;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`did not happen within ${patience} ms: ${what}${last === undefined ? '' : `; ${String(last)}`}`);
}
