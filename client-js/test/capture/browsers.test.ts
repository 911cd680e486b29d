import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type BrowserPage, browsers, servePage } from './browsers.ts';
import { scenarios } from './scenarios/index.ts';

let url: string;
let server: Server;

beforeAll(async () => {
  const script = `
    import { scenarios } from './scenarios/index.ts';
    window.runScenario = (name) =>
      scenarios
        .find((scenario) => scenario.name === name)
        .run({ native: indexedDB, keyRange: IDBKeyRange, name })
        .then(() => undefined, (error) => String(error.stack ?? error));
  `;
  ({ url, server } = await servePage(script, import.meta.dirname));
});
afterAll(() => server.close());

for (const { name, installed, open } of browsers) {
  describe.skipIf(!installed)(`in ${name}`, () => {
    let page: BrowserPage;
    beforeAll(async () => {
      page = await open(url);
    });
    afterAll(() => page?.close());

    const possible = scenarios.filter(({ parallel }) => !parallel || name !== 'Firefox');
    test.each(possible)('$name', async ({ name }) => {
      const failure = await page.evaluate<string | undefined>(`window.runScenario(${JSON.stringify(name)})`);
      if (failure) throw new Error(failure);
    });
  });
}
