import { describe, expect, it } from 'vitest';
import { readBatch, readMessage, writeBatch, writeMessage } from '../../src/batch/index.ts';
import { decodeDocument } from '../../src/model/index.ts';
import { readPage } from '../../src/sync/server/messages.ts';
import { shown, shownPage, text, type VectorCase, vectors } from '../model/vectors.ts';

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
        const { dropped, ...json } = envelope as { dropped?: true };
        const page = readPage({ ...json, documents: [] });
        const behind = dropped ? { documents: [], dropped: documents } : { documents };
        expect(text(shownPage({ ...page, ...behind }))).toBe(text(given.expected));
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

function bytes(hexadecimal: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits(hexadecimal), 'hex'));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function digits(hexadecimal: string): string {
  return hexadecimal.replaceAll(' ', '');
}
