import type { TestPage } from '../pages/main.ts';

interface Tab {
  run<T>(work: (page: TestPage) => T | Promise<T>): Promise<T>;
}

/** What a tab is called among those that hold locks. */
export const clientOf = (tab: Tab): Promise<string | undefined> =>
  tab.run(
    async () =>
      await navigator.locks.request(
        'who',
        async () => (await navigator.locks.query()).held?.find(({ name }) => name === 'who')?.clientId,
      ),
  );

/** The tabs that hold a lock, as any tab sees it: the one that leads. */
export const holders = (tab: Tab): Promise<readonly (string | undefined)[]> =>
  tab.run(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name !== 'who').map(({ clientId }) => clientId);
  });
