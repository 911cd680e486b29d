import { readFileSync } from 'node:fs';
import { type Cell, type Cells, canonical, encodeCell, type WireCell } from '../../src/model/index.ts';

/** A case of spec/vectors: what goes in stands beside these members, under names that the file's README entry lists. */
export interface VectorCase<Expected> {
  readonly name: string;
  readonly rules: readonly string[];
  readonly expected?: Expected;
  readonly refused?: string;
}

export function vectors<Case>(file: string): Case[] {
  const url = new URL(`../../../spec/vectors/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

/** Cells as they travel, in the order of their paths' texts, as vectors expect them. */
export function wired(cells: Readonly<Cells>): WireCell[] {
  return Object.keys(cells)
    .sort()
    .map((path) => encodeCell(path, cells[path] as Cell));
}

/**
 * What vectors expect is compared by its text: assertion libraries are not exact about `__proto__`. Documents nest deeper
 * than values.
 */
export function text(json: unknown): string {
  if (Array.isArray(json)) {
    return `[${json.map(text).join(',')}]`;
  }
  if (typeof json !== 'object' || json === null) {
    return canonical(json as never);
  }
  const members = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${text(member)}`).join(',')}}`;
}
