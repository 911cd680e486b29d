import {
  type Cell,
  type Cells,
  canonical,
  checkCollection,
  checkId,
  checkJson,
  type Json,
  MalformedError,
  type PathText,
  parsePath,
  type Stamp,
  type WireDocument,
} from '../model/index.ts';
import { MAX_VALUE_BYTES } from '../model/json.ts';
import { MAX_COLLECTION_LENGTH, MAX_ID_BYTES } from '../model/key.ts';
import { MAX_PATH_BYTES } from '../model/path.ts';
import { MAX_COUNTER, MAX_MILLIS, makeStamp, replicaOfBits } from '../model/stamp.ts';
import { checkShape } from '../model/wire.ts';
import {
  BARE,
  COLUMNS,
  COMPLETE,
  type Column,
  checkEntry,
  endsWithReplica,
  hasValue,
  kind,
  pathOf,
  WHOLE,
} from './columns.ts';
import { createInput, createRuns, type Input, textOf } from './input.ts';

/** A dictionary: its entries, and which of them have been of use. */
interface Dictionary {
  readonly entries: readonly string[];
  use(index: number): string;
  end(): void;
}

/** Reads the documents of a batch (M-28 to M-34), all of which have to be readable. */
export function readBatch(bytes: Uint8Array): WireDocument[] {
  return readDocuments(createInput(bytes, 'batch'));
}

/** Reads the documents of the batch that an input goes on with. */
export function readDocuments(input: Input): WireDocument[] {
  const column = Object.fromEntries(
    COLUMNS.map((name) => [name, input.part(`the column ${name}`)]),
  ) as unknown as Readonly<Record<Column, Input>>;
  input.end();
  // Each document and each cell takes at least one byte of these columns.
  const [mostDocuments, mostCells] = [column.documentIdLengths.bytes.length, column.cellPaths.bytes.length];
  requireNoMore(column.collections.parts(), mostDocuments, column.collections);
  requireNoMore(column.replicas.bytes.length / 8, 2 * mostCells, column.replicas); // its stamp's, and its path's
  requireNoMore(column.paths.parts(), mostCells, column.paths);
  const collections = dictionary(column.collections, (entries) => entries.text(3 * MAX_COLLECTION_LENGTH));
  const flags = createRuns(column.documentFlags);
  const collectionRuns = createRuns(column.documentCollections);
  const idText = createTexts(column.documentIdLengths, column.documentIds, MAX_ID_BYTES);
  const cells = createCells(column);
  const documents: WireDocument[] = [];
  do {
    const place = `documents[${documents.length}]`;
    const flag = flags.next((BARE | WHOLE | COMPLETE) + 1);
    const collection = collections.use(collectionRuns.next(collections.entries.length));
    documents.push({
      collection: checkCollection(collection, `${place}.collection`),
      id: checkId(parseCanonical(idText.next(), `${place}.id`), `${place}.id`),
      cells: cells.next(column.documentCells.integer(), (flag & BARE) !== 0, `${place}.cells`),
      whole: (flag & WHOLE) !== 0,
      ...((flag & COMPLETE) !== 0 && { complete: true }),
    });
  } while (!idText.atEnd());
  for (const part of [flags, collectionRuns, idText, column.documentCells, cells, collections]) part.end();
  return documents;
}

/** Reads the columns of cells, one document after the other. */
function createCells(column: Readonly<Record<Column, Input>>) {
  const replicas = dictionary(column.replicas, (bits) => {
    const from = bits.skip(8);
    return replicaOfBits(bits.bytes.subarray(from, from + 8));
  });
  const paths = dictionary(column.paths, (entries) => checkEntry(entries.text(MAX_PATH_BYTES)));
  const known = new Array<Map<string, PathText> | undefined>(paths.entries.length);
  const removals = createRuns(column.cellRemoved);
  const pathReplicas = createRuns(column.pathReplicas);
  const stamps = createStamps(column, replicas);
  const values = createTexts(column.valueLengths, column.values, MAX_VALUE_BYTES);

  function next(count: number, bare: boolean, place: string): Cells {
    const cells: Cells = {};
    const newest = new Map<string, Stamp>();
    let entry = 0;
    let lastReplica = -1;
    for (let i = 0; i < count; i++) {
      const step = column.cellPaths.integer();
      entry += step;
      if (entry >= paths.entries.length) column.cellPaths.fail(`there is no path ${entry}`);
      const text = paths.use(entry);
      const removed = removals.next(2) as 0 | 1;
      const stamp = stamps.next();
      const replica = endsWithReplica(text) ? pathReplica() : stamps.replica();
      if (step === 0 && i > 0 && (!endsWithReplica(text) || replica <= lastReplica)) {
        column.cellPaths.fail('the cells of a document ascend by their paths, each of them once');
      }
      lastReplica = replica;
      const cell: Cell = hasValue(text, removed)
        ? [stamp, removed, parseCanonical(values.next(), `${place}[${i}][3]`)]
        : [stamp, removed];
      checkShape(kind(text), cell, `${place}[${i}]`);
      cells[path(entry, replicas.entries[replica] as string, `${place}[${i}][0]`)] = cell;
      if (removed === 0 && kind(text) !== 'e') {
        const author = replicas.entries[stamps.replica()] as string;
        if (stamp > (newest.get(author) ?? '')) newest.set(author, stamp);
      }
    }
    addImplied(cells, newest, bare, place);
    return cells;
  }

  function pathReplica(): number {
    const other = pathReplicas.next(replicas.entries.length + 1);
    if (other === 0) return stamps.replica();
    if (other - 1 === stamps.replica()) column.pathReplicas.fail("names the stamp's own replica");
    replicas.use(other - 1);
    return other - 1;
  }

  /** The text of a path, which is checked once. */
  function path(entry: number, replica: string, place: string): PathText {
    let texts = known[entry];
    if (texts === undefined) {
      texts = new Map();
      known[entry] = texts;
    }
    const present = texts.get(replica);
    if (present !== undefined) return present;
    const text = pathOf(paths.entries[entry] as string, replica);
    parsePath(text, place);
    texts.set(replica, text);
    return text;
  }

  function end(): void {
    column.cellPaths.end();
    for (const part of [removals, pathReplicas, stamps, values, replicas, paths]) part.end();
  }

  return { next, end };
}

/** Adds the existences that are left out: each has the stamp of its replica's newest live cell (M-33). */
function addImplied(cells: Cells, newest: ReadonlyMap<string, Stamp>, bare: boolean, place: string): void {
  let lacks = false;
  for (const [replica, stamp] of newest) {
    const path = `["e","${replica}"]`;
    const present = cells[path];
    if (present === undefined) {
      lacks = true;
      if (!bare) cells[path] = [stamp, 0];
    } else if (!bare && present[0] === stamp) {
      throw new MalformedError(place, `an existence that is implied is not listed: ${path}`);
    }
  }
  if (bare && !lacks) throw new MalformedError(place, 'a document is bare only if it lacks an implied existence');
}

function createStamps(column: Readonly<Record<Column, Input>>, replicas: Dictionary) {
  const counters = createRuns(column.stampCounters);
  const runs = createRuns(column.stampReplicas);
  let millis = 0;
  let counter = -1;
  let replica = -1;
  let stamp: Stamp = '';
  return {
    next(): Stamp {
      const difference = column.stampMillis.signed();
      const nextCounter = counters.next(MAX_COUNTER + 1);
      const nextReplica = runs.next(replicas.entries.length);
      if (difference === 0 && nextCounter === counter && nextReplica === replica) return stamp;
      millis += difference;
      counter = nextCounter;
      replica = nextReplica;
      if (millis < 0 || millis > MAX_MILLIS) column.stampMillis.fail(`no stamp has ${millis} ms`);
      stamp = makeStamp(millis, counter, replicas.use(replica));
      return stamp;
    },
    /** The place of the last stamp's replica in the dictionary. */
    replica: () => replica,
    end() {
      column.stampMillis.end();
      counters.end();
      runs.end();
    },
  };
}

/** Texts whose lengths and bytes stand in two columns. */
function createTexts(lengths: Input, bytes: Input, maxBytes: number) {
  const all = textOf(bytes.bytes);
  // One byte a character: the whole column is cut, which is much faster than decoding each text.
  const ascii = all?.length === bytes.bytes.length ? all : undefined;
  return {
    next(): string {
      const length = lengths.integer();
      if (length === 0) lengths.fail('a value has a text');
      if (length > maxBytes) lengths.fail(`a value has at most ${maxBytes} bytes here, not ${length}`);
      const from = bytes.skip(length);
      if (ascii !== undefined) return ascii.slice(from, from + length);
      return textOf(bytes.bytes.subarray(from, from + length)) ?? bytes.fail('a text is not UTF-8');
    },
    atEnd: () => lengths.atEnd(),
    end() {
      lengths.end();
      bytes.end();
    },
  };
}

/** Texts that are seen to be canonical. */
const PLAIN = /^(?:"[ !#-[\]-~]*"|-?[1-9]\d{0,14}|0|true|false|null)$/;

/** The value of a text that has to be canonical (M-34). */
function parseCanonical(text: string, place: string): Json {
  const plain = PLAIN.test(text);
  if (plain && text.charCodeAt(0) === 0x22) return text.slice(1, -1);
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MalformedError(place, 'is not JSON');
  }
  if (!plain && canonical(checkJson(json, place)) !== text) {
    throw new MalformedError(place, 'is not the canonical text of a value');
  }
  return json;
}

/** Refuses a dictionary with more entries than there can be uses, before anything is made of them. */
function requireNoMore(entries: number, most: number, column: Input): void {
  if (entries > most) column.fail(`it has ${entries} entries, of which at most ${most} can be used`);
}

function dictionary(column: Input, next: (column: Input) => string): Dictionary {
  const entries: string[] = [];
  while (!column.atEnd()) {
    const entry = next(column);
    if (entries.length > 0 && (entries.at(-1) as string) >= entry) column.fail('the entries of a dictionary ascend');
    entries.push(entry);
  }
  const used = new Uint8Array(entries.length);
  return {
    entries,
    use(index) {
      used[index] = 1;
      return entries[index] as string;
    },
    end() {
      if (used.includes(0)) column.fail('every entry of a dictionary is used');
    },
  };
}
