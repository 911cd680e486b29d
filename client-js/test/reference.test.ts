import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { watersmeet } from '../src/index.ts';
import * as react from '../src/react/index.ts';
import { OFFLINE } from '../src/sync/status.ts';

const source = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const reference = source('../docs/browser-api.md');
const named = (name: string) => new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(reference);
const missing = (names: Iterable<string>) => [...names].filter((name) => !named(name));
const found = (path: string, pattern: RegExp) => [...source(path).matchAll(pattern)].map(([, name]) => name as string);

it('names every member of the client, and of what these have', async () => {
  const client = watersmeet({ url: '/v1', space: 'a', token: () => 'token', indexedDB: {} as IDBFactory });
  const members = Object.entries(client).flatMap(([name, member]) => [
    name,
    ...(typeof member === 'object' && name !== 'indexedDB' ? Object.keys(member) : []),
  ]);
  await client.close();
  const own = ['emit', 'set', 'end', 'changed']; // of what tells, not of what is told
  expect(members.length).toBeGreaterThan(20);
  expect(missing(members).filter((name) => !own.includes(name))).toEqual([]);
});

it('names every option, every field of the status and every code of errors', () => {
  const options = found('src/sync/options.ts', /^ {2}readonly (\w+)/gm);
  const status = found('src/sync/status.ts', /^ {2}readonly (\w+)/gm);
  const codes = found('src/sync/errors.ts', /^ {2}\| '([\w-]+)'/gm);
  expect(status).toEqual(expect.arrayContaining(Object.keys(OFFLINE)));
  expect(Math.min(options.length, codes.length)).toBeGreaterThan(5);
  expect(missing([...options, ...status, ...codes])).toEqual([]);
});

it('names everything that the entries export', () => {
  const exported = source('src/index.ts').match(/\b[A-Za-z]\w+(?=,|\s*\})/g) ?? [];
  expect(exported).toContain('watersmeet');
  expect(missing([...exported, ...Object.keys(react)])).toEqual([]);
});
