/**
 * The binary form of messages and its batches (spec/merge-format.md, section 8), for programs that read and write them. The client itself speaks JSON: a browser parses that faster, and the
 * codec would cost every page more than three kilobytes.
 */
import { MalformedError, parseJson, type WireDocument } from '../model/index.ts';
import { createInput } from './input.ts';
import { createOutput } from './output.ts';
import { readDocuments } from './read.ts';
import { writeBatch } from './write.ts';

export { MalformedError, type WireDocument } from '../model/index.ts';
export { readBatch } from './read.ts';
export { writeBatch } from './write.ts';

/** The media type of messages in binary form (P-16). */
export const BATCH_MEDIA_TYPE = 'application/vnd.watersmeet.batch';

const VERSION = 1; // P-1

/** A message in binary form: its JSON without documents, and these. Where the JSON of a page says `"dropped": true`, they are what the page drops (P-21). */
export interface BinaryMessage {
  readonly envelope: unknown;
  readonly documents: readonly WireDocument[];
}

/** Takes a message in binary form apart (M-27). */
export function readMessage(bytes: Uint8Array): BinaryMessage {
  const input = createInput(bytes, 'message');
  const version = input.octet();
  if (version !== VERSION) throw new MalformedError('message', `version ${version} is not spoken here`);
  const envelope = parseJson(input.text());
  if (hasDocuments(envelope)) {
    throw new MalformedError('message', 'the documents of a message in binary form stand behind it');
  }
  if (drops(envelope) && input.atEnd()) {
    throw new MalformedError('message', 'a page that drops has what it drops behind its envelope');
  }
  return { envelope, documents: input.atEnd() ? [] : readDocuments(input) };
}

/** @param envelope the message without its documents */
export function writeMessage({ envelope, documents }: BinaryMessage): Uint8Array {
  const output = createOutput();
  output.octet(VERSION);
  output.text(JSON.stringify(envelope));
  if (documents.length > 0) output.raw(writeBatch(documents));
  return output.bytes();
}

/** Whether the message, its push or its changes hold documents themselves. */
function hasDocuments(envelope: unknown): boolean {
  const { documents, push, changes } = (envelope ?? {}) as Record<string, { documents?: unknown } | undefined>;
  return documents !== undefined || push?.documents !== undefined || changes?.documents !== undefined;
}

/** Whether the message or its changes say that the batch is what a purge has dropped (P-21). */
function drops(envelope: unknown): boolean {
  const { dropped, changes } = (envelope ?? {}) as { dropped?: unknown; changes?: { dropped?: unknown } };
  for (const says of [dropped, changes?.dropped]) {
    if (says !== undefined && says !== true) throw new MalformedError('dropped', 'must be true');
  }
  return dropped === true || changes?.dropped === true;
}
