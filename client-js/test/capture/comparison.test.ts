import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaptureOptions } from '../../src/capture/index.ts';
import { type BrowserPage, browsers, privateBrowsers, servePage } from './browsers.ts';
import { chapters } from './comparison/index.ts';
import type { Compared, Realm } from './comparison/realms.ts';

/** What does what it does natively is indistinguishable: each scenario runs on the browser's own factory and on a captured one. */
const ALL: CaptureOptions = { stores: '*', unsupported: 'local' };

let url: string;
let server: Server;

beforeAll(async () => {
  ({ url, server } = await servePage(
    `import { offerComparisons } from './realms.ts'; offerComparisons();`,
    join(import.meta.dirname, 'comparison'),
  ));
});
afterAll(() => server.close());

function compare(page: BrowserPage, realm: Realm, chapter: string, options = ALL): Promise<Compared[]> {
  return page.evaluate(`window.compare(${[realm, chapter, options].map((value) => JSON.stringify(value))})`);
}

function withoutMarks(line: string): string {
  return line.replace(/(, )?(\d+: )?Symbol\(watersmeet\.base\)(: "[^"]*")?/g, '');
}

function expectSame(results: readonly Compared[], chapter: string, browser: string): void {
  const differing = chapters[chapter]?.filter(({ differsIn }) => differsIn === browser).map(({ name }) => name);
  for (const { name, native, captured } of results) {
    if (!differing?.includes(name)) expect({ name, log: captured }).toEqual({ name, log: native });
  }
}

for (const { name: browser, installed, open } of browsers) {
  describe.skipIf(!installed)(`in ${browser}`, () => {
    let page: BrowserPage;
    beforeAll(async () => {
      page = await open(url);
    });
    afterAll(() => page?.close());

    describe.each(Object.entries(chapters))('%s', (chapter, comparisons) => {
      let results: Promise<Compared[]> | undefined;
      test.each(comparisons)(
        '$name',
        async ({ name, differsIn }) => {
          results ??= compare(page, 'window', chapter);
          const found = (await results).find((compared) => compared.name === name) as Compared;
          if (differsIn === browser) expect(found.captured).not.toEqual(found.native);
          else expect(found.captured).toEqual(found.native);
          expect(found.native).toContain('done');
        },
        120_000,
      );
    });

    // The other chapters look at the own properties of records.
    const apart = ['databases', 'upgrades', 'transactions', 'keys', 'interfaces'];
    test.each(apart)(
      '%s, with reads followed: the same but for the marks of reads',
      async (chapter) => {
        const results = await compare(page, 'window', chapter, { ...ALL, follow: true });
        const unmarked = results.map((result) => ({ ...result, captured: result.captured.map(withoutMarks) }));
        expectSame(unmarked, chapter, browser);
      },
      120_000,
    );

    describe.each(['dedicated', 'shared', 'service'] as const)('in a %s worker', (realm) => {
      test.each(Object.keys(chapters))(
        '%s',
        async (chapter) => {
          expectSame(await compare(page, realm, chapter), chapter, browser);
        },
        120_000,
      );
    });
  });
}

describe.each(privateBrowsers.filter(({ installed }) => installed))(
  'in private mode of $name',
  ({ name: browser, open }) => {
    test('all chapters', async () => {
      const page = await open(url);
      try {
        for (const chapter of Object.keys(chapters)) {
          expectSame(await compare(page, 'window', chapter), chapter, browser);
        }
      } finally {
        await page.close();
      }
    }, 120_000);
  },
);
