import { decodeDocument, type EncodedDocument, type Json, MalformedError, type WireDocument } from '../model/index.ts';

/** The messages of the exchange (P-2 to P-13), as this client reads and writes them. */
export interface SyncRequest {
  readonly protocol: 1;
  readonly replica: string;
  readonly cursor: string | null;
  readonly pull: boolean;
  readonly push?: PushMessage;
}

export interface PushMessage {
  readonly number: number;
  readonly nonce: string;
  readonly after: string | null;
  readonly documents: readonly EncodedDocument[];
}

export interface Rejection {
  readonly collection: string;
  readonly id: Json;
  readonly code: string;
  readonly detail: string;
}

export interface PushOutcome {
  readonly number: number;
  readonly nonce: string;
  readonly rejected: readonly Rejection[];
}

export interface Page {
  readonly documents: readonly WireDocument[];
  readonly cursor: string;
  readonly more: boolean;
}

export interface SyncAnswer {
  readonly time: number;
  readonly push: PushOutcome | null;
  readonly changes: Page | null;
}

export interface SnapshotPage {
  readonly time: number;
  readonly documents: readonly WireDocument[];
  readonly position: string | null;
  readonly cursor: string;
  readonly total: number;
  readonly last: PushOutcome | null;
}

export function readSyncAnswer(data: unknown): SyncAnswer {
  const { time, push, changes } = object(data, 'answer');
  return {
    time: number(time, 'time'),
    push: readOutcome(push),
    changes: changes === undefined ? null : readPage(changes),
  };
}

export function readSnapshotPage(data: unknown): SnapshotPage {
  const { time, documents, position, cursor, total, last } = object(data, 'snapshot');
  return {
    time: number(time, 'time'),
    documents: readDocuments(documents),
    position: position === null ? null : text(position, 'position'),
    cursor: text(cursor, 'cursor'),
    total: number(total, 'total'),
    last: readOutcome(last),
  };
}

export function readPage(data: unknown): Page {
  const { documents, cursor, more } = object(data, 'changes');
  return { documents: readDocuments(documents), cursor: text(cursor, 'cursor'), more: more === true };
}

/** The last accepted push; null where there is none. */
export function readOutcome(data: unknown): PushOutcome | null {
  if (data === null || data === undefined) return null;
  const outcome = object(data, 'push');
  if (!Array.isArray(outcome.rejected)) throw new MalformedError('push.rejected', 'must be an array');
  return {
    number: number(outcome.number, 'push.number'),
    nonce: text(outcome.nonce, 'push.nonce'),
    rejected: outcome.rejected.map((rejection: unknown) => {
      const { collection, id, code, detail } = object(rejection, 'push.rejected');
      return {
        collection: text(collection, 'push.rejected.collection'),
        id: id as Json,
        code: text(code, 'push.rejected.code'),
        detail: text(detail, 'push.rejected.detail'),
      };
    }),
  };
}

function readDocuments(data: unknown): WireDocument[] {
  if (!Array.isArray(data)) throw new MalformedError('documents', 'must be an array');
  return data.map((document, i) => decodeDocument(document, `documents[${i}]`));
}

function object(data: unknown, place: string): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new MalformedError(place, 'must be an object');
  return data as Record<string, unknown>;
}

function number(data: unknown, place: string): number {
  if (typeof data !== 'number') throw new MalformedError(place, 'must be a number');
  return data;
}

function text(data: unknown, place: string): string {
  if (typeof data !== 'string') throw new MalformedError(place, 'must be a string');
  return data;
}
