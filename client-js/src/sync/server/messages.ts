import {
  canonical,
  checkSchema,
  type DocumentName,
  decodeDocument,
  decodeName,
  type EncodedDocument,
  type Json,
  MalformedError,
  type Schema,
  type WireDocument,
} from '../../model/index.ts';

/** The messages of the exchange (P-2 to P-13), as this client reads and writes them. */
export interface SyncRequest {
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

/** A page of changes. It either brings cells or drops some. */
export interface Page {
  readonly documents: readonly WireDocument[];
  /** The cells that a purge has dropped (P-21). */
  readonly dropped: readonly WireDocument[];
  /** Documents that this client holds no longer (P-22). */
  readonly withdrawn: readonly DocumentName[];
  readonly cursor: string;
  readonly more: boolean;
}

export interface SyncAnswer {
  readonly time: number;
  /** The fingerprint of the server's schema; null where it says none (P-25). */
  readonly schema?: string | null;
  readonly push: PushOutcome | null;
  readonly changes: Page | null;
}

export interface SnapshotPage {
  readonly time: number;
  readonly schema?: string | null;
  readonly documents: readonly WireDocument[];
  readonly position: string | null;
  readonly cursor: string;
  readonly total: number;
  readonly last: PushOutcome | null;
}

export function readSyncAnswer(data: unknown): SyncAnswer {
  const { time, schema, push, changes } = object(data, 'answer');
  return {
    time: number(time, 'time'),
    schema: textOrNull(schema, 'schema'),
    push: readOutcome(push),
    changes: changes === undefined ? null : readPage(changes),
  };
}

export function readSnapshotPage(data: unknown): SnapshotPage {
  const { time, schema, documents, position, cursor, total, last } = object(data, 'snapshot');
  return {
    time: number(time, 'time'),
    schema: textOrNull(schema, 'schema'),
    documents: readDocuments(documents),
    position: textOrNull(position, 'position'),
    cursor: text(cursor, 'cursor'),
    total: number(total, 'total'),
    last: readOutcome(last),
  };
}

/** The schema by which the server reads a space (P-25). */
export function readSchema(data: unknown): Schema {
  return checkSchema(object(data, 'answer').schema);
}

/** What an event of a feed of several spaces tells (P-20). */
export interface SpaceEvent {
  /** The space that it is about; null if it is about all. */
  readonly space: string | null;
  readonly changes: unknown;
  readonly problem: unknown;
}

export function readSpaceEvent(data: unknown): SpaceEvent {
  const { space, changes, problem } = object(data, 'event');
  return { space: textOrNull(space, 'space'), changes, problem };
}

export function readPage(data: unknown): Page {
  const { documents, dropped = [], withdrawn = [], cursor, more } = object(data, 'changes');
  const page: Page = {
    documents: readDocuments(documents),
    dropped: readDocuments(dropped, 'dropped'),
    withdrawn: array(withdrawn, 'withdrawn').map((name, i) =>
      decodeName(object(name, `withdrawn[${i}]`), `withdrawn[${i}]`),
    ),
    cursor: text(cursor, 'cursor'),
    more: more === true,
  };
  if (page.documents.length > 0 && page.dropped.length > 0) {
    throw new MalformedError('dropped', 'a page that drops cells brings none');
  }
  if (page.withdrawn.length > 0 || page.documents.some(({ complete }) => complete)) requireOnce(page);
  return page;
}

function requireOnce({ documents, dropped, withdrawn }: Page): void {
  const names = [...documents, ...dropped, ...withdrawn].map(({ collection, id }) => canonical([collection, id]));
  if (new Set(names).size < names.length) {
    throw new MalformedError('withdrawn', 'a page names each document once');
  }
}

/** The last accepted push; null where there is none. */
export function readOutcome(data: unknown): PushOutcome | null {
  if (data === null || data === undefined) return null;
  const outcome = object(data, 'push');
  return {
    number: number(outcome.number, 'push.number'),
    nonce: text(outcome.nonce, 'push.nonce'),
    rejected: array(outcome.rejected, 'push.rejected').map((rejection: unknown) => {
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

function readDocuments(data: unknown, place = 'documents'): WireDocument[] {
  return array(data, place).map((document, i) => decodeDocument(document, `${place}[${i}]`));
}

function array(data: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(data)) throw new MalformedError(place, 'must be an array');
  return data;
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

function textOrNull(data: unknown, place: string): string | null {
  return data === null || data === undefined ? null : text(data, place);
}
