import type { CapturedTransaction } from './captured.ts';
import { adoption } from './connection.ts';
import { hide } from './events.ts';
import { META_STORE, renamedKey, sideStoreName, untrackedKey } from './names.ts';
import { natively } from './natives.ts';

/** Without a prototype, where the application may have put options. */
const KEYS_GENERATED: IDBObjectStoreParameters = Object.assign(Object.create(null), { autoIncrement: true });

/**
 * Gives a database its hidden stores, where it lacks them. Every store that can be tracked gets a side store, wanted or not:
 * so the application can track more stores later without raising its version.
 */
export function addHiddenStores(upgrade: CapturedTransaction): void {
  const { db } = upgrade.transaction;
  natively(() => {
    if (!db.objectStoreNames.contains(META_STORE)) db.createObjectStore(META_STORE, Object.create(null));
  });
  for (const name of Array.from(db.objectStoreNames)) {
    addSideStore(
      upgrade,
      natively(() => upgrade.transaction.objectStore(name)),
      'existing',
    );
  }
}

/** Gives a store its side store, unless it has one or can have none. */
export function addSideStore(upgrade: CapturedTransaction, store: IDBObjectStore, age?: 'existing'): void {
  if (store.autoIncrement) return;
  const { db } = upgrade.transaction;
  const { name } = store;
  natively(() => {
    if (db.objectStoreNames.contains(sideStoreName(name))) return;
    db.createObjectStore(sideStoreName(name), KEYS_GENERATED);
    mark(upgrade, name, age);
  });
}

/** Takes away the side store of a store that was deleted. Its mark goes when the connection opens, as after renaming. */
export function removeSideStore(upgrade: CapturedTransaction, name: string): void {
  const { db } = upgrade.transaction;
  natively(() => {
    if (!db.objectStoreNames.contains(sideStoreName(name))) return;
    db.deleteObjectStore(sideStoreName(name));
  });
}

/** Lets the side store of a store that was renamed follow. */
export function renameSideStore(upgrade: CapturedTransaction, from: string, to: string): void {
  const { transaction, connection } = upgrade;
  natively(() => {
    if (!transaction.db.objectStoreNames.contains(sideStoreName(from))) return;
    transaction.objectStore(sideStoreName(from)).name = sideStoreName(to);
    mark(upgrade, to, connection.wants(from) ? undefined : 'existing');
    if (connection.wants(to)) hide(transaction.objectStore(META_STORE).put(true, renamedKey(to)));
  });
}

/** Requests in an upgrade are made for those stores alone that need them: they would keep it running. */
function mark({ transaction, connection }: CapturedTransaction, name: string, age?: 'existing'): void {
  if (!connection.wants(name)) {
    hide(transaction.objectStore(META_STORE).put(true, untrackedKey(name)));
  } else if (age === 'existing') {
    hide(transaction.objectStore(META_STORE).delete(untrackedKey(name)));
    hide(transaction.objectStore(sideStoreName(name)).add(adoption(connection.options)));
  }
}
