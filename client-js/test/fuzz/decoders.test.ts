import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch, readMessage, writeBatch, writeMessage } from '../../src/batch/index.ts';
import { decodeDocument, encodeDocument, parsePath, parseSchema, pathText } from '../../src/model/index.ts';
import { readOutcome, readPage, readSnapshotPage, readSyncAnswer } from '../../src/sync/server/messages.ts';
import { vectors } from '../model/vectors.ts';
import { mutated, mutatedBytes } from './mutations.ts';

const RUNS = process.env.WATERSMEET_LONG === undefined ? 2_000 : 20_000;

/** What is refused is refused as malformed, and with no other error; then undefined. */
function unlessMalformed<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    expect(error).toMatchObject({ name: 'MalformedError' });
    return undefined;
  }
}

function check<T>(arbitrary: fc.Arbitrary<T>, property: (input: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { numRuns: RUNS, seed: 4711 });
}

/** All objects inside of a file of vectors that have the members. */
function objects(file: string, ...members: string[]): Record<string, unknown>[] {
  const url = new URL(`../../../spec/vectors/${file}.json`, import.meta.url);
  const found: Record<string, unknown>[] = [];
  collect(JSON.parse(readFileSync(url, 'utf8')));
  return found;

  function collect(json: unknown): void {
    if (typeof json !== 'object' || json === null) return;
    if (members.every((member) => Object.hasOwn(json, member))) found.push(json as Record<string, unknown>);
    Object.values(json).forEach(collect);
  }
}

const pages = [
  ...objects('pages', 'documents', 'cursor', 'more'),
  ...objects('conversations', 'documents', 'cursor', 'more'),
];
const outcomes = objects('conversations', 'number', 'nonce', 'rejected');
const documents = vectors<{ readonly document?: unknown }>('documents').flatMap(({ document }) => document ?? []);
const batches = vectors<{ readonly expected?: unknown; readonly batch?: string; readonly message?: string }>('batches');

describe('decoders of JSON', () => {
  it('read a page again as it was, or refuse it', () => {
    check(mutated(pages), (json) => {
      const page = unlessMalformed(() => readPage(json));
      if (page === undefined) return;
      const again = readPage({
        ...page,
        documents: page.documents.map(encodeDocument),
        dropped: page.dropped.map(encodeDocument),
      });
      expect(again).toEqual(page);
    });
  });

  it('read an outcome again as it was, or refuse it', () => {
    check(mutated(outcomes), (json) => {
      const outcome = unlessMalformed(() => readOutcome(json));
      if (outcome !== undefined) expect(readOutcome(outcome)).toEqual(outcome);
    });
  });

  it('read or refuse answers and snapshots', () => {
    const answers = pages.map((changes, i) => ({ protocol: 1, time: 1, push: outcomes[i % outcomes.length], changes }));
    check(mutated(answers), (json) => {
      unlessMalformed(() => readSyncAnswer(json));
    });
    const snapshots = objects('conversations', 'documents', 'position', 'total').map((page) => ({ ...page, time: 1 }));
    check(mutated(snapshots), (json) => {
      unlessMalformed(() => readSnapshotPage(json));
    });
  });

  it('read a document again as it was, or refuse it', () => {
    check(mutated(documents), (json) => {
      const document = unlessMalformed(() => decodeDocument(json));
      if (document !== undefined) expect(decodeDocument(encodeDocument(document))).toEqual(document);
    });
  });

  it('read a path again as it was, or refuse it', () => {
    const paths = vectors<{ readonly path: unknown }>('paths').map(({ path }) => path);
    check(mutated(paths), (json) => {
      const path = unlessMalformed(() => parsePath(json));
      if (path !== undefined) expect(parsePath(JSON.parse(pathText(path)))).toEqual(path);
    });
  });

  it('read a schema again as it was, or refuse it', () => {
    const schemas = vectors<{ readonly schema: string }>('schemas').flatMap(({ schema }) => {
      try {
        return [JSON.parse(schema)];
      } catch {
        return [schema]; // a vector of a text that is no JSON
      }
    });
    check(mutated(schemas), (json) => {
      const schema = unlessMalformed(() => parseSchema(json));
      if (schema !== undefined) expect(parseSchema(schema)).toEqual(schema);
    });
  });

  it('refuse whatever else there is', () => {
    check(fc.anything(), (anything) => {
      for (const decode of [
        readPage,
        readOutcome,
        readSyncAnswer,
        readSnapshotPage,
        decodeDocument,
        parsePath,
        parseSchema,
      ]) {
        unlessMalformed(() => decode(anything));
      }
    });
  });
});

describe('decoders of bytes', () => {
  const bytes = (digits: unknown): Uint8Array[] =>
    typeof digits === 'string' && /^[0-9a-f ]+$/.test(digits)
      ? [Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'))]
      : [];

  it('read a batch again as it was, or refuse it', () => {
    const seeds = batches.flatMap(({ expected, batch }) => [...bytes(expected), ...bytes(batch)]);
    check(fc.oneof(mutatedBytes(seeds), fc.uint8Array({ maxLength: 200 })), (input) => {
      const read = unlessMalformed(() => readBatch(input));
      if (read !== undefined) expect(readBatch(writeBatch(read))).toEqual(read);
    });
  });

  it('read a message again as it was, or refuse it', () => {
    const seeds = batches.flatMap(({ message }) => bytes(message));
    check(fc.oneof(mutatedBytes(seeds), fc.uint8Array({ maxLength: 200 })), (input) => {
      const read = unlessMalformed(() => readMessage(input));
      if (read !== undefined) expect(readMessage(writeMessage(read))).toEqual(read);
    });
  });
});
