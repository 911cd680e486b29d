import {
  type Cell,
  type Cells,
  canonical,
  kindOf,
  replicaOf,
  replicaOfPath,
  type Stamp,
  type WireDocument,
} from '../model/index.ts';
import { bitsOfReplica, counterOf, millisOf } from '../model/stamp.ts';
import { BARE, COLUMNS, COMPLETE, type Column, endsWithReplica, entryOf, WHOLE } from './columns.ts';
import { createOutput, createRunsOutput, type Output } from './output.ts';

/** A cell that is listed. */
interface Row {
  readonly entry: string;
  /** The replica at the path's end, if it has one. */
  readonly owner: string | undefined;
  readonly cell: Cell;
}

interface Dictionary {
  readonly entries: readonly string[];
  indexOf(entry: string): number;
}

/** Writes documents as a batch (M-28 to M-34). The same documents in the same order give the same bytes. */
export function writeBatch(documents: readonly WireDocument[]): Uint8Array {
  const column = Object.fromEntries(COLUMNS.map((name) => [name, createOutput()])) as unknown as Readonly<
    Record<Column, Output>
  >;
  const listed = documents.map((document) => ({ document, ...list(document.cells) }));
  const rows = listed.flatMap((document) => document.rows);
  const collections = dictionary(documents.map(({ collection }) => collection));
  const replicas = dictionary(rows.flatMap(({ owner, cell }) => [replicaOf(cell[0]), ...(owner ? [owner] : [])]));
  const paths = dictionary(rows.map(({ entry }) => entry));
  for (const collection of collections.entries) column.collections.text(collection);
  for (const replica of replicas.entries) column.replicas.raw(bitsOfReplica(replica));
  for (const path of paths.entries) column.paths.text(path);

  const flags = createRunsOutput(column.documentFlags);
  const collectionRuns = createRunsOutput(column.documentCollections);
  const cells = createCells(column, paths, replicas);
  for (const { document, rows, bare } of listed) {
    flags.add((bare ? BARE : 0) | (document.whole ? WHOLE : 0) | (document.complete ? COMPLETE : 0));
    collectionRuns.add(collections.indexOf(document.collection));
    column.documentIds.text(canonical(document.id), column.documentIdLengths);
    column.documentCells.integer(rows.length);
    cells.add(rows);
  }
  for (const part of [flags, collectionRuns, cells]) part.end();

  const output = createOutput();
  for (const name of COLUMNS) output.part(column[name].bytes());
  return output.bytes();
}

/** The cells that are listed, and whether none is left out because an implied existence is absent (M-33). */
function list(cells: Readonly<Cells>): { rows: Row[]; bare: boolean } {
  const newest = new Map<string, Stamp>();
  for (const [path, [stamp, removed]] of Object.entries(cells)) {
    const replica = replicaOf(stamp);
    if (removed === 0 && kindOf(path) !== 'e' && stamp > (newest.get(replica) ?? '')) newest.set(replica, stamp);
  }
  const bare = [...newest.keys()].some((replica) => cells[`["e","${replica}"]`] === undefined);
  const rows: Row[] = [];
  for (const [path, cell] of Object.entries(cells)) {
    const owner = endsWithReplica(path) ? replicaOfPath(path) : undefined;
    const implied = kindOf(path) === 'e' && newest.get(owner as string) === cell[0];
    if (bare || !implied) rows.push({ entry: entryOf(path), owner, cell });
  }
  return { rows, bare };
}

function createCells(column: Readonly<Record<Column, Output>>, paths: Dictionary, replicas: Dictionary) {
  const removals = createRunsOutput(column.cellRemoved);
  const counters = createRunsOutput(column.stampCounters);
  const stampReplicas = createRunsOutput(column.stampReplicas);
  const pathReplicas = createRunsOutput(column.pathReplicas);
  let lastMillis = 0;
  return {
    /** Adds the cells of a document, in the order of their paths' entries and replicas (M-31). */
    add(rows: readonly Row[]): void {
      let lastPath = 0;
      for (const { entry, owner, cell } of [...rows].sort(byPath)) {
        const [stamp, removed, value] = cell;
        const path = paths.indexOf(entry);
        column.cellPaths.integer(path - lastPath);
        lastPath = path;
        removals.add(removed);
        const millis = millisOf(stamp);
        column.stampMillis.signed(millis - lastMillis);
        lastMillis = millis;
        counters.add(counterOf(stamp));
        const author = replicaOf(stamp);
        stampReplicas.add(replicas.indexOf(author));
        if (owner !== undefined) pathReplicas.add(owner === author ? 0 : replicas.indexOf(owner) + 1);
        if (value !== undefined) column.values.text(canonical(value), column.valueLengths);
      }
    },
    end() {
      for (const runs of [removals, counters, stampReplicas, pathReplicas]) runs.end();
    },
  };
}

function byPath(one: Row, other: Row): number {
  return compare(one.entry, other.entry) || compare(one.owner ?? '', other.owner ?? '');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function dictionary(texts: readonly string[]): Dictionary {
  const entries = [...new Set(texts)].sort();
  const indexes = new Map(entries.map((entry, index) => [entry, index]));
  return { entries, indexOf: (entry) => indexes.get(entry) as number };
}
