import type { TestPage } from '../pages/main.ts';
import type { DrivenTab, LaunchOptions } from './browser.ts';
import type { EngineTab } from './engines.ts';
import { type AppTab, openProfile } from './faults/profile.ts';
import { startGateway } from './gateway.ts';

/** The gateways' ports by the profiles: one that is opened again finds its databases, which are those of an origin. */
const ports = new Map<string, number>();

/** Firefox with a profile on disk, and one page of the test application in it, which a gateway serves. */
export async function launchFirefox({ profile, url, ...options }: LaunchOptions): Promise<DrivenTab> {
  const gateway = await startGateway(Number(new URL(url).port), new Map(), ports.get(profile));
  ports.set(profile, Number(new URL(gateway.url).port));
  const opened = await openProfile({
    ...options,
    name: profile,
    engine: 'Firefox',
    folder: profile,
    url: gateway.url,
    tabs: 0,
  });
  const driven = (tab: EngineTab & AppTab): DrivenTab => ({
    run: <T, A>(work: (page: TestPage, argument?: A) => T | Promise<T>, argument?: A) => {
      if (opened.errors.length > 0) throw new Error(opened.errors.join('\n'));
      return tab.run(work, argument);
    },
    openTab: async (flavour) => driven(await opened.openTab(flavour)),
    closeTab: () => tab.kill(),
    async close() {
      await opened.close();
      await gateway.close();
    },
  });
  return driven(await opened.openTab());
}
