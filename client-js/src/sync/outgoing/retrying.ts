import {
  type Cells,
  diff,
  edit,
  joinedLayers,
  remove,
  type Stamp,
  TypeMismatchError,
  UnsupportedValueError,
} from '../../model/index.ts';
import { isCoveredBy, viewOf } from '../../model/view.ts';
import type { Collection } from '../collection.ts';
import { greatestStamp, readRow } from '../database/document.ts';
import { CLOCK, type DeadLetterRow, deadLetterKey } from '../database/rows.ts';
import { resultOf } from '../database/transaction.ts';
import { SyncError } from '../errors.ts';
import { change } from '../merging/apply.ts';
import type { Changed, Replica } from '../replica.ts';
import { readMeta } from '../tabs/leader.ts';

/**
 * Makes a refused edit again, as a new one of now: what it had changed is changed in the record as it stands, and the letter is gone, in one transaction. A letter
 * that is gone already is nothing to do.
 *
 * @returns the documents that were edited
 * @throws SyncError `gone` if the object store is not synchronised any more, `unsupported` if the record cannot travel, `changed` if a deletion had not seen all that it would delete now
 */
export async function retryDeadLetter(replica: Replica, id: string): Promise<readonly Changed[]> {
  const { collections, leadership } = replica;
  const letter = await readMeta<DeadLetterRow>(leadership.connection, deadLetterKey(id));
  if (letter === undefined) return [];
  const collection = collections.get(letter.collection);
  if (collection === undefined) throw new SyncError('gone', `there is no object store ${letter.collection} any more`);
  const made = await replica.settled([collection.name], async (transaction) => {
    if ((await resultOf(transaction.meta.get(deadLetterKey(id)))) === undefined) return false;
    const { key } = letter;
    const row = await readRow(transaction, collection.name, key);
    if (row.local !== undefined) {
      throw new SyncError('unsupported', `the record that stands at ${collection.name} cannot travel: ${row.local}`);
    }
    const stands = joinedLayers(row);
    const greatest = greatestStamp(stands);
    if (greatest !== undefined) leadership.stamper.observe(greatest);
    const cells = editOf(letter, collection, leadership.stamper.now(), stands);
    transaction.meta.put(leadership.stamper.highWater(), CLOCK);
    await change(transaction, collection, key, row, { ...row, ...edit(row, cells) });
    transaction.meta.delete(deadLetterKey(id));
    return true;
  });
  return made ? [{ collection: collection.name, keys: [letter.key] }] : [];
}

/** What a letter had changed, compared as a save of a record that was read before it: what others have changed since is kept. */
function editOf(letter: DeadLetterRow, { schema }: Collection, stamp: Stamp, stands: Readonly<Cells>) {
  const { record, before, collection, cells } = letter;
  const put = { schema, stamp, stands };
  const seen = viewOf(stands).existences.every((one) => one.covered || isCoveredBy(cells, one.replica, one.stamp));
  if (record === undefined && !seen) {
    throw new SyncError('changed', `the record of ${collection} was changed after the deletion that was refused`);
  }
  try {
    return record === undefined ? remove(put) : diff({ ...put, put: record, read: before ?? {} });
  } catch (error) {
    if (!(error instanceof UnsupportedValueError || error instanceof TypeMismatchError)) throw error;
    throw new SyncError('unsupported', error.message, { cause: error });
  }
}
