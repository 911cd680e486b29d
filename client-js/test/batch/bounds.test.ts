import { describe, expect, it } from 'vitest';
import { COLUMNS, type Column } from '../../src/batch/columns.ts';
import { readBatch } from '../../src/batch/index.ts';
import { createOutput } from '../../src/batch/output.ts';
import { MAX_VALUE_BYTES } from '../../src/model/json.ts';
import { MAX_PATH_BYTES } from '../../src/model/path.ts';

/** The columns of one document with one register, which is 7. */
const ONE: Readonly<Record<Column, readonly number[]>> = {
  collections: text('todos'),
  replicas: [0, 0, 0, 0, 0, 0, 0, 1],
  paths: text('["r","f"]'),
  documentFlags: [0, 0],
  documentCollections: [0, 0],
  documentIdLengths: [3],
  documentIds: ascii('"1"'),
  documentCells: [1],
  cellPaths: [0],
  cellRemoved: [0, 0],
  stampMillis: [2],
  stampCounters: [0, 0],
  stampReplicas: [0, 0],
  pathReplicas: [],
  valueLengths: [1],
  values: ascii('7'),
};

/** What a batch that no writer writes may not make a reader do. */
describe('a batch is refused', () => {
  it('by nothing if it is in order', () => {
    expect(readBatch(batch({}))).toHaveLength(1);
  });

  it.each<[string, Partial<Record<Column, readonly number[]>>, string]>([
    ['whose path is longer than any', { paths: text(`["r","${'f'.repeat(MAX_PATH_BYTES)}"]`) }, 'at most 4096 bytes'],
    ['whose collection is longer than any', { collections: text('c'.repeat(385)) }, 'at most 384 bytes'],
    ['whose id is longer than any', { documentIdLengths: integer(1025) }, 'at most 1024 bytes'],
    [
      'whose value is plain, and longer than any',
      { valueLengths: integer(MAX_VALUE_BYTES + 1), values: ascii(`"${'v'.repeat(MAX_VALUE_BYTES - 1)}"`) },
      'at most 1048576 bytes',
    ],
    [
      'with more paths than cells',
      { paths: [...text('["r","f"]'), ...text('["r","g"]')] },
      'the column paths: at byte 0: it has 2 entries, of which at most 1 can be used',
    ],
    [
      'with more replicas than cells can name',
      { replicas: [1, 2, 3].flatMap((replica) => [0, 0, 0, 0, 0, 0, 0, replica]) },
      'the column replicas: at byte 0: it has 3 entries, of which at most 2 can be used',
    ],
    [
      'with more collections than documents',
      { collections: [...text('notes'), ...text('todos')] },
      'the column collections: at byte 0: it has 2 entries, of which at most 1 can be used',
    ],
  ])('%s', (_, columns, reason) => {
    expect(() => readBatch(batch(columns))).toThrow(reason);
  });
});

function batch(columns: Partial<Record<Column, readonly number[]>>): Uint8Array {
  const output = createOutput();
  for (const name of COLUMNS) output.part(Uint8Array.from(columns[name] ?? ONE[name]));
  return output.bytes();
}

function text(ofColumn: string): number[] {
  return [...integer(ofColumn.length), ...ascii(ofColumn)];
}

function integer(value: number): number[] {
  const output = createOutput();
  output.integer(value);
  return [...output.bytes()];
}

function ascii(characters: string): number[] {
  return Array.from(characters, (character) => character.charCodeAt(0));
}
