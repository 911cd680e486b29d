import type { CellView } from '../sync/lists/inspection.ts';
import { shortReplica, timeText } from './words.ts';

/** A cell in words, for a row of the table. */
export interface CellText {
  /** What the cell stands for: a field, a set's element, the document's existence. */
  readonly subject: string;
  /** The kind of its path, and the end of the replica's id where the path has one. */
  readonly kind: string;
  readonly value: string;
  readonly state: 'live' | 'removed';
  /** Wall time of the stamp, to the millisecond. */
  readonly written: string;
  /** The end of the replica's id. */
  readonly by: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));

const replicaText = (replica: unknown): string => (replica === '*' ? 'anyone' : shortReplica(String(replica)));

// The kinds of M-10 in the merge format.
const subjectAndKind = (path: readonly unknown[]): Pick<CellText, 'subject' | 'kind'> => {
  const [kind, first, second, third] = path;
  switch (kind) {
    case 'e':
      return { subject: 'exists', kind: `existence · ${replicaText(first)}` };
    case 'd':
      return { subject: 'deleted', kind: `deletion · ${replicaText(first)}` };
    case 'r':
      return { subject: text(first), kind: 'register' };
    case 's':
      return { subject: `${text(first)} ∋ ${text(second)}`, kind: `set · ${replicaText(third)}` };
    case 'c':
      return { subject: text(first), kind: `counter · ${replicaText(third)}` };
    case 'b':
      return { subject: text(first), kind: `counter’s base · ${replicaText(third)}` };
    case 'm':
      return { subject: `${text(first)} = ${text(second)}`, kind: `multi · ${replicaText(third)}` };
    case 'n':
      return { subject: path.slice(1).map(text).join('.'), kind: 'map' };
    case 'v':
      return { subject: 'the record', kind: 'root' };
    default:
      return { subject: JSON.stringify(path), kind: 'unknown' };
  }
};

export const cellText = (cell: CellView): CellText => ({
  ...subjectAndKind(cell.path),
  value: cell.value === undefined ? '' : JSON.stringify(cell.value),
  state: cell.removed ? 'removed' : 'live',
  written: timeText(cell.millis),
  by: shortReplica(cell.replica),
});

const KIND_ORDER = 'vrmnscbed';

/** The cells in the order of reading: registers, multis, maps, sets, counters, then what says whether the document exists. */
export const inReadingOrder = (cells: readonly CellView[]): CellView[] =>
  [...cells].sort(
    (a, b) =>
      KIND_ORDER.indexOf(String(a.path[0])) - KIND_ORDER.indexOf(String(b.path[0])) ||
      JSON.stringify(a.path).localeCompare(JSON.stringify(b.path), 'en'),
  );
