import { type Cell, type Cells, isEmpty, type Stamp } from '../model/index.ts';
import { type DocumentRow, OUTBOX_INDEX } from './rows.ts';

/** Cells by their stamps: those of one edit share theirs. */
type Packed = Record<Stamp, Record<string, readonly [removed: Cell[1], value?: Cell[2]]>>;

/** The form in which a document's row is stored. */
export interface StoredRow extends Omit<DocumentRow, 'delivered' | 'pending'> {
  readonly delivered?: Packed;
  readonly pending?: Packed;
  /** There if the document belongs to the outbox. */
  readonly [OUTBOX_INDEX]?: 1;
}

export function packRow({ delivered, pending, ...rest }: DocumentRow): StoredRow {
  const waits = (!isEmpty(pending) || rest.whole === true) && rest.local === undefined;
  return {
    ...rest,
    ...(!isEmpty(delivered) && { delivered: pack(delivered) }),
    ...(!isEmpty(pending) && { pending: pack(pending) }),
    ...(waits && { [OUTBOX_INDEX]: 1 }),
  };
}

export function unpackRow({ delivered, pending, [OUTBOX_INDEX]: _, ...rest }: StoredRow): DocumentRow {
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
