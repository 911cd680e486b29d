import { describe, expect, it } from 'vitest';
import { readBatch, readMessage, writeBatch, writeMessage } from '../../src/batch/index.ts';
import { decodeDocument, encodeDocument, type WireDocument } from '../../src/model/index.ts';
import { readPage } from '../../src/sync/messages.ts';
import { text, type VectorCase, vectors, wired } from '../model/vectors.ts';

interface BatchCase extends VectorCase<unknown> {
  readonly documents?: readonly unknown[];
  readonly batch?: string;
  readonly message?: string;
}

describe('vectors/batches.json', () => {
  for (const given of vectors<BatchCase>('batches')) {
    it(`${given.rules.join(', ')}: ${given.name}`, () => {
      if (given.refused !== undefined) {
        expect(() => read(given)).toThrow(/^.+: .+/);
        expect(() => read(given)).toThrowError(expect.objectContaining({ name: 'MalformedError' }));
      } else if (given.documents !== undefined) {
        const documents = given.documents.map((document) => decodeDocument(document));
        expect(hex(writeBatch(documents))).toBe(digits(given.expected as string));
        expect(text(shown(readBatch(bytes(given.expected as string))))).toBe(text(shown(documents)));
      } else {
        const { envelope, documents } = readMessage(bytes(given.message as string));
        const { documents: empty, ...page } = readPage({ ...(envelope as object), documents: [] });
        expect(empty).toEqual([]);
        expect(text({ ...page, documents: shown(documents) })).toBe(text(given.expected));
        const again = readMessage(writeMessage({ envelope, documents }));
        expect(text({ ...again, documents: shown(again.documents) })).toBe(
          text({ envelope, documents: shown(documents) }),
        );
      }
    });
  }
});

function read({ batch, message }: BatchCase): unknown {
  return batch === undefined ? readMessage(bytes(message as string)) : readBatch(bytes(batch));
}

function shown(documents: readonly WireDocument[]): unknown {
  return documents.map((document) => ({ ...encodeDocument(document), cells: wired(document.cells) }));
}

function bytes(hexadecimal: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits(hexadecimal), 'hex'));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function digits(hexadecimal: string): string {
  return hexadecimal.replaceAll(' ', '');
}
