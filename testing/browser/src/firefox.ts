import type { TestPage } from '../pages/main.ts';
import type { Driven, LaunchOptions } from './browser.ts';
import { type AppTab, openProfile } from './faults/profile.ts';
import { startGateway } from './gateway.ts';

/** Firefox with a profile on disk, and one page of the test application in it, which a gateway serves. */
export async function launchFirefox({ profile, url, ...options }: LaunchOptions): Promise<Driven> {
  const gateway = await startGateway(Number(new URL(url).port), new Map());
  const opened = await openProfile({
    ...options,
    name: options.token,
    engine: 'Firefox',
    folder: profile,
    url: gateway.url,
    tabs: 1,
  });
  return {
    run: <T, A>(work: (page: TestPage, argument?: A) => T | Promise<T>, argument?: A) => {
      if (opened.errors.length > 0) throw new Error(opened.errors.join('\n'));
      return (opened.tabs[0] as AppTab).run(work, argument);
    },
    async close() {
      await opened.close();
      await gateway.close();
    },
  };
}
