import { IDBTransaction } from 'fake-indexeddb';

/**
 * Mends fake-indexeddb 6.2.8, which learns by a listener on the transaction that one was aborted and the next may
 * start. A listener before it that stops the event, as the capture layer's does for transactions of its own, leaves
 * all that wait waiting. Browsers need no event for that; `fake-indexeddb.test.ts` shows both.
 */
interface Internals {
  readonly db: { readonly _rawDatabase: { processTransactions(): void } };
  _abort(errorName: string | null): void;
}

const internals = IDBTransaction.prototype as unknown as Internals;
const { _abort: abort } = internals;
internals._abort = function (this: Internals, errorName) {
  abort.call(this, errorName);
  this.db._rawDatabase.processTransactions();
};
