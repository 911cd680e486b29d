import { type Cell, type Cells, isEmpty, type Stamp } from '../../model/index.ts';
import { type DocumentRow, documentKey, pendingKey } from './rows.ts';

/** Cells by their stamps: those of one edit share theirs. */
type Packed = Record<Stamp, Record<string, readonly [removed: Cell[1], value?: Cell[2]]>>;

/** The form in which a document's row is stored. */
export interface StoredRow extends Omit<DocumentRow, 'delivered' | 'pending'> {
  readonly delivered?: Packed;
  readonly pending?: Packed;
}

/** Puts the row of a document into its side store. Returns whether it belongs to the outbox: what stays local does not. */
export function putRow(side: IDBObjectStore, key: IDBValidKey, row: DocumentRow): boolean {
  side.put(packRow(row), documentKey(key));
  if (waits(row)) side.put(1, pendingKey(key));
  return waits(row);
}

/** Whether a row belongs to the outbox. */
export function waits(row: DocumentRow): boolean {
  return (!isEmpty(row.pending) || row.whole === true) && row.local === undefined;
}

/** The form in which a row is stored. */
export function packRow({ delivered, pending, ...rest }: DocumentRow): StoredRow {
  return {
    ...rest,
    ...(!isEmpty(delivered) && { delivered: pack(delivered) }),
    ...(!isEmpty(pending) && { pending: pack(pending) }),
  };
}

export function unpackRow({ delivered, pending, ...rest }: StoredRow): DocumentRow {
  return { ...rest, delivered: unpack(delivered), pending: unpack(pending) };
}

function pack(cells: Readonly<Cells>): Packed {
  const packed: Packed = {};
  for (const path in cells) {
    const [stamp, ...content] = cells[path] as Cell;
    packed[stamp] ??= {};
    (packed[stamp] as Packed[Stamp])[path] = content;
  }
  return packed;
}

function unpack(packed: Packed = {}): Cells {
  const cells: Cells = {};
  for (const stamp in packed) {
    const edit = packed[stamp] as Packed[Stamp];
    for (const path in edit) cells[path] = [stamp, ...(edit[path] as Packed[Stamp][string])] as Cell;
  }
  return cells;
}
