import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const DOCS = resolve(import.meta.dirname, '../../docs');
const guide = readFileSync(resolve(DOCS, 'what-happens-when.md'), 'utf8');
const rows = guide.split('\n').filter((line) => line.startsWith('| ') && !/^\| (when|---) /.test(line));
const LINK = /\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g;

it('every row names tests, and every test that is named is there', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row, row).toMatch(LINK);
  for (const [, title, path] of guide.matchAll(LINK)) {
    expect(readFileSync(resolve(DOCS, path as string), 'utf8'), `${path}: ${title}`).toContain(`'${title}'`);
  }
});
