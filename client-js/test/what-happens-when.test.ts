import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const DOCS = resolve(import.meta.dirname, '../../docs');
const guide = readFileSync(resolve(DOCS, 'what-happens-when.md'), 'utf8');
const rows = guide.split('\n').filter((line) => line.startsWith('| ') && !/^\| (when|---) /.test(line));
const LINK = /\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g;

/** The titles of a file's tests that run, be it in one of two browsers: those that are skipped, in a suite that is, still to be written or commented out are none. */
function titlesIn(source: string): readonly string[] {
  const code = source.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
  if (/\bdescribe\.(skip|todo)\(/.test(code)) return [];
  const titled =
    /(?<![\w.])(?:it|test)(?:\.(?:each|for|runIf|skipIf)\s*(?:<[^(]*>)?\((?:[^()]|\([^()]*\))*\))?\(\s*'([^']+)'/g;
  return [...code.matchAll(titled)].map(([, title]) => title as string);
}

it('every row names tests, and every test that is named is there and runs', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row, row).toMatch(LINK);
  for (const [, title, path] of guide.matchAll(LINK)) {
    expect(titlesIn(readFileSync(resolve(DOCS, path as string), 'utf8')), `${path}: ${title}`).toContain(title);
  }
});

it('a test that does not run is none that is there', () => {
  const source = [
    "it('runs', () => {});",
    "test.each([['a', f(1)]])('runs for each', () => {});",
    "it.runIf(engine === 'Chromium')('runs in one browser', () => {});",
    "it.skip('is skipped', () => {});",
    "it.todo('is to be written');",
    "// it('is commented out', () => {});",
    "console.log('is only said');",
  ].join('\n');
  expect(titlesIn(source)).toEqual(['runs', 'runs for each', 'runs in one browser']);
  expect(titlesIn(`describe.skip('all', () => {\n${source}\n});`)).toEqual([]);
});
