import {
  abandon,
  type Cells,
  encodeDocument,
  forgotten,
  idOfKey,
  isEmpty,
  joined,
  nonceText,
  reject,
  replaceDelivered,
  type Sent,
  type Stamp,
  settle,
  toSend,
  wholeCells,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { greater, greatestStamp, readRow, shown, writeRow } from '../database/document.ts';
import {
  CURSOR,
  type CursorRow,
  type DeadLetterRow,
  type DocumentRow,
  deadLetterKey,
  FLIGHT,
  type FlightRow,
  REPLICA,
  type ReplicaRow,
} from '../database/rows.ts';
import { readPendingRows } from '../database/together.ts';
import { resultOf, type Transaction } from '../database/transaction.ts';
import { change } from '../merging/apply.ts';
import type { Changed, Replica, UNDRAINED } from '../replica.ts';
import type { PushMessage, PushOutcome, Rejection } from '../server/messages.ts';
import type { Randomness } from '../tabs/leader.ts';

const MAX_DOCUMENTS = 500; // P-15 allows 1,000
const MAX_CELLS = 10_000; // P-15 allows 20,000
const MAX_CHARACTERS = 2_000_000; // at most three bytes each; P-15 allows 8 MiB
const MAX_BYTES = 7_500_000; // of a document that travels alone
const FROM_FUTURE = 'stamp-from-future';
const TOO_LARGE = 'too-large';
const MAX_ABANDONED = 16; // in a row

/** What is to be sent, and up to where this replica had read when it was made. */
export interface Outgoing {
  readonly push: PushMessage;
  readonly cursor: string | null;
}

/**
 * The push to send: the one that is on its way, if there is one, else a new one of what is pending (P-4), also of what was just written. It is stored before
 * it is returned.
 *
 * @returns undefined if nothing is pending; {@link UNDRAINED} if so much was just written that it is to be asked again
 */
export async function nextPush(replica: Replica, random: Randomness): Promise<Outgoing | typeof UNDRAINED | undefined> {
  const stores = [...replica.collections.keys()];
  return replica.settledAtOnce(stores, async (transaction) => {
    const [own, { cursor }] = await Promise.all([
      resultOf<ReplicaRow>(transaction.meta.get(REPLICA)),
      resultOf<CursorRow>(transaction.meta.get(CURSOR)),
    ]);
    const { number, nonce: after, most = MAX_DOCUMENTS, twin } = own;
    if (twin !== undefined) return undefined;
    const flight =
      (await resultOf<FlightRow | undefined>(transaction.meta.get(FLIGHT))) ??
      (await takeOff(transaction, replica, most, number + 1, nonceText(random.bytes(16))));
    if (flight === undefined) {
      if (own.most !== undefined) transaction.meta.put({ ...own, most: undefined } satisfies ReplicaRow, REPLICA);
      return undefined;
    }
    const documents = await Promise.all(
      known(replica, flight).map(async ([store, key]) => {
        const { sent, whole } = await readRow(transaction, store, key);
        return encodeDocument({
          collection: store,
          id: idOfKey(key),
          cells: (sent as Sent).cells,
          whole: whole === true,
        });
      }),
    );
    return { push: { number: flight.number, nonce: flight.nonce, after, documents }, cursor };
  });
}

/** Marks what is pending as sent, up to the limits of a push. A document's pending cells are never split (P-8). */
async function takeOff(
  transaction: Transaction,
  replica: Replica,
  most: number,
  number: number,
  nonce: string,
): Promise<FlightRow | undefined> {
  const documents: [string, IDBValidKey][] = [];
  let cells = 0;
  let characters = 0;
  for (const store of replica.collections.keys()) {
    for (const [key, row] of await readPendingRows(transaction.side(store), most)) {
      const sent = cellsToSend(row, replica.leadership.replica);
      const size = JSON.stringify(sent.cells).length;
      if (size > MAX_CHARACTERS && bytesOf(sent.cells) > MAX_BYTES) {
        const local = `the document's cells have more than the ${MAX_BYTES} bytes that fit a push`;
        writeRow(transaction, store, key, { ...row, local });
        replica.onLocal(store, key, local);
        continue;
      }
      cells += Object.keys(sent.cells).length;
      characters += size;
      const full = documents.length === most || cells > MAX_CELLS || characters > MAX_CHARACTERS;
      if (full && documents.length > 0) break;
      writeRow(transaction, store, key, { ...row, sent });
      documents.push([store, key]);
    }
  }
  if (documents.length === 0) return undefined;
  const flight: FlightRow = { number, nonce, documents };
  transaction.meta.put(flight, FLIGHT);
  return flight;
}

function bytesOf(cells: Readonly<Cells>): number {
  return new TextEncoder().encode(JSON.stringify(cells)).length;
}

/** The documents of a push whose stores are still there: another version of the application may have dropped one. */
function known(replica: Replica, flight: FlightRow): FlightRow['documents'] {
  return flight.documents.filter(([store]) => replica.collections.has(store));
}

/** What is pending; all of the document where the server no longer has it. */
function cellsToSend(row: DocumentRow, own: string): Sent {
  const sent = toSend(row);
  return row.whole ? { ...sent, cells: wholeCells(joined(row.delivered, sent.cells), own) } : sent;
}

export interface Settled {
  readonly changed: readonly Changed[];
  /** Some stamps were too far ahead of the server's clock. They are to be taken back before the next push. */
  readonly fromFuture: boolean;
  /** The greatest stamp of what was accepted, and the greatest that is this replica's own. */
  readonly accepted?: Stamp | undefined;
  readonly own?: Stamp | undefined;
}

/**
 * Settles what was sent by the last push that the server accepted (P-6): if that is the one on its way, its documents are delivered or rejected; if not,
 * it was not accepted, and what it carried goes into a new one. If it is somebody else's, this replica has a twin, and nothing is settled by it (P-28).
 *
 * @param restored whether the server was put back to an older copy: it may then have forgotten pushes (P-23)
 */
export async function settleBy(replica: Replica, last: PushOutcome | null, restored = false): Promise<Settled> {
  const stores = [...replica.collections.keys()];
  return replica.settled(stores, async (transaction) => {
    const { meta } = transaction;
    const flight = await resultOf<FlightRow | undefined>(meta.get(FLIGHT));
    const known = await resultOf<ReplicaRow>(meta.get(REPLICA));
    if (known.twin !== undefined) return NOTHING;
    const offers = [...(known.abandoned ?? []), ...(flight ? [flight] : [])];
    const forgotten = restored && last !== null && last.number < known.number;
    const landed = offers.find(({ nonce }) => nonce === last?.nonce);
    const own = last === null || forgotten || landed !== undefined || last.nonce === known.nonce;
    const given = flight !== undefined && flight !== landed ? await giveUp(transaction, replica, flight, known) : known;
    meta.delete(FLIGHT);
    if (!own) {
      meta.put({ ...given, twin: last.number } satisfies ReplicaRow, REPLICA);
      return NOTHING;
    }
    const at = { number: last?.number ?? 0, nonce: last?.nonce ?? null };
    if (landed === undefined) {
      meta.put({ ...given, ...at } satisfies ReplicaRow, REPLICA);
      return NOTHING;
    }
    const settled = await land(transaction, replica, landed, (last as PushOutcome).rejected);
    await forgetOffers(transaction, replica, given);
    const { abandoned: _, more: __, ...row } = given;
    const accepted = greater(known.accepted, settled.accepted);
    meta.put({ ...row, ...at, accepted, own: greater(known.own, settled.own) } satisfies ReplicaRow, REPLICA);
    return settled;
  });
}

/** Gives up the push that is on its way: what it carried goes into a new one. Returns what is known of the replica's pushes then. */
async function giveUp(
  transaction: Transaction,
  replica: Replica,
  flight: FlightRow,
  own: ReplicaRow,
): Promise<ReplicaRow> {
  for (const [store, key] of known(replica, flight)) {
    const row = await readRow(transaction, store, key);
    const { sent, ...rest } = row;
    if (sent === undefined) continue;
    const layers = row.withdrawn ? forgotten(rest, sent) : rest;
    writeRow(transaction, store, key, { ...rest, ...abandon(layers, flight.nonce, sent) });
  }
  const all = [...(own.abandoned ?? []), flight];
  const more = own.more === true || all.length > MAX_ABANDONED;
  return { ...own, abandoned: all.slice(-MAX_ABANDONED), ...(more && { more }) };
}

/** Nothing of what was given up will arrive any more: another push was accepted in its place. */
async function forgetOffers(transaction: Transaction, replica: Replica, { abandoned = [] }: ReplicaRow): Promise<void> {
  for (const given of abandoned) {
    for (const [store, key] of known(replica, given)) {
      const { offered, ...row } = await readRow(transaction, store, key);
      if (offered !== undefined) writeRow(transaction, store, key, row);
    }
  }
}

/**
 * The push that is on its way was refused as a whole, because it is too large: its number is not used up, and what it carried goes into smaller ones. A
 * document that is too large by itself is rejected (P-7).
 *
 * @param detail names the limit
 */
export async function split(replica: Replica, detail: string): Promise<Settled> {
  const stores = [...replica.collections.keys()];
  return replica.settled(stores, async (transaction) => {
    const { meta } = transaction;
    const flight = await resultOf<FlightRow | undefined>(meta.get(FLIGHT));
    if (flight === undefined) return NOTHING;
    const own = await resultOf<ReplicaRow>(meta.get(REPLICA));
    const documents = known(replica, flight);
    const most = documents.length > 1 ? Math.floor(documents.length / 2) : undefined; // of one, what is too large is found
    meta.delete(FLIGHT);
    const given = await giveUp(transaction, replica, flight, own);
    meta.put({ ...given, most } satisfies ReplicaRow, REPLICA);
    if (most !== undefined) return NOTHING;
    const tooLarge = documents.map(([collection, key]) => ({ collection, id: idOfKey(key), code: TOO_LARGE, detail }));
    return land(transaction, replica, flight, tooLarge);
  });
}

const NOTHING: Settled = { changed: [], fromFuture: false };

/** Settles the documents of a push that was accepted, also of one that had been given up. */
async function land(
  transaction: Transaction,
  replica: Replica,
  flight: FlightRow,
  rejected: readonly Rejection[],
): Promise<Settled> {
  const verdicts = new Map(rejected.map((rejection) => [documentName(rejection.collection, rejection.id), rejection]));
  let fromFuture = false;
  let accepted: Stamp | undefined;
  let own: Stamp | undefined;
  const landed = await Promise.all(
    known(replica, flight).map(async ([store, key]) => {
      const row = await readRow(transaction, store, key);
      const { sent = row.offered?.[flight.nonce], whole, remainder, offered: _, ahead, ...others } = row;
      const { sent: __, ...rest } = { sent, ...others };
      const verdict = verdicts.get(documentName(store, idOfKey(key)));
      if (verdict?.code === FROM_FUTURE && !ahead) {
        writeRow(transaction, store, key, {
          ...rest,
          ahead: true,
          ...(whole && { whole }),
          ...(remainder && { remainder }),
        });
        fromFuture = true;
        return false;
      }
      if (verdict !== undefined) {
        const collection = replica.collections.get(store) as Collection;
        return (await bury(transaction, collection, key, row, verdict)) && { collection: store, keys: [key] };
      }
      if (sent === undefined) return false; // it is forgotten, or settled by its echo
      accepted = greater(accepted, greatestStamp(sent.cells));
      own = greater(own, greatestStamp(sent.cells, replica.leadership.replica));
      const { delivered, pending } = settle(row, sent);
      if (row.withdrawn) {
        const layers = replaceDelivered({ delivered, pending }, {});
        const collection = replica.collections.get(store) as Collection;
        const { withdrawn: ___, ...held } = rest;
        const gone = await change(transaction, collection, key, row, { ...held, ...layers });
        return gone && { collection: store, keys: [key] };
      }
      writeRow(transaction, store, key, { ...rest, delivered, pending });
      return false;
    }),
  );
  const changed: Changed[] = landed.filter((change) => change !== false);
  return { changed, fromFuture, accepted, own };
}

function documentName(collection: string, id: unknown): string {
  return JSON.stringify([collection, id]);
}

/** Takes a document back to what the server holds, and keeps what was pending as a dead letter. Returns whether its record has changed. */
function bury(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  row: DocumentRow,
  { code, detail }: Pick<Rejection, 'code' | 'detail'>,
): Promise<boolean> {
  const { sent: _, whole, remainder = {}, offered: __, ahead: ___, ...rest } = row;
  const after = { ...rest, ...(whole ? { delivered: remainder, pending: {} } : reject(row)) };
  if (isEmpty(row.pending)) return change(transaction, collection, key, row, after); // what the server had lost is nobody's edit
  const letter: DeadLetterRow = {
    collection: collection.name,
    key,
    code,
    detail,
    at: Date.now(),
    cells: row.pending,
    record: shown(row, collection),
    before: shown(after, collection),
  };
  transaction.meta.put(letter, deadLetterKey(nonceText(crypto.getRandomValues(new Uint8Array(16)))));
  return change(transaction, collection, key, row, after);
}
