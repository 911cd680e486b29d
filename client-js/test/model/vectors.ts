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

/** Values are compared by their texts: assertion libraries are not exact about `__proto__`. */
export function text(json: unknown): string {
  return canonical(json as never);
}
