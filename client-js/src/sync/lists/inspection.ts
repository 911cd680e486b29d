import type { CapturedConnection } from '../../capture/index.ts';
import { type Cells, joinedLayers, millisOf, replicaOf } from '../../model/index.ts';
import { type StoredRow, unpackRow } from '../database/packing.ts';
import { packsIn } from '../database/packs.ts';
import { type DocumentRow, documentKey, sideStoreName } from '../database/rows.ts';
import { inspectStores, resultOf } from '../database/transaction.ts';

/** A cell as it is shown to people. */
export interface CellView {
  readonly path: readonly unknown[];
  readonly stamp: string;
  /** When the edit was made, Unix milliseconds. */
  readonly millis: number;
  /** Whose edit it was. */
  readonly replica: string;
  readonly removed: boolean;
  readonly value?: unknown;
}

/** What a database holds of a document, in two layers. */
export interface Inspection {
  readonly delivered: CellView[];
  /** Counters as totals, as they will travel. */
  readonly pending: CellView[];
}

/** Reads the cells of a document; undefined if there are none. */
export async function inspect(
  connection: CapturedConnection,
  collection: string,
  key: IDBValidKey,
): Promise<Inspection | undefined> {
  const name = sideStoreName(collection);
  const row = await inspectStores(connection, [name], async (store) => {
    const side = store(name);
    const stored = await resultOf<StoredRow | undefined>(side.get(documentKey(key)));
    return stored === undefined ? packsIn(side).read(key) : unpackRow(stored);
  });
  return row && { delivered: cellViews(row.delivered), pending: cellViews(pendingTotals(row)) };
}

/** The pending cells with counters as totals, as they will travel. */
function pendingTotals(row: DocumentRow): Cells {
  const totals = joinedLayers(row);
  return Object.fromEntries(Object.keys(row.pending).map((path) => [path, totals[path] as Cells[string]]));
}

function cellViews(cells: Readonly<Cells>): CellView[] {
  return Object.keys(cells)
    .sort()
    .map((path) => {
      const [stamp, removed, value] = cells[path] as Cells[string];
      return {
        path: JSON.parse(path) as unknown[],
        stamp,
        millis: millisOf(stamp),
        replica: replicaOf(stamp),
        removed: removed === 1,
        ...(value !== undefined && { value }),
      };
    });
}
