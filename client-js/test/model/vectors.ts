import { readFileSync } from 'node:fs';
import {
  type Cell,
  type Cells,
  canonical,
  encodeCell,
  encodeDocument,
  type WireCell,
  type WireDocument,
} from '../../src/model/index.ts';
import type { Page } from '../../src/sync/server/messages.ts';

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

/** Documents as they travel, in the order in which vectors expect their cells. */
export function shown(documents: readonly WireDocument[]): unknown {
  return documents.map((document) => ({ ...encodeDocument(document), cells: wired(document.cells) }));
}

/** A page as it travels. */
export function shownPage({ documents, dropped, withdrawn, ...rest }: Page): unknown {
  return {
    ...rest,
    documents: shown(documents),
    ...(dropped.length > 0 && { dropped: shown(dropped) }),
    ...(withdrawn.length > 0 && { withdrawn }),
  };
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
