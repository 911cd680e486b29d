import type { Listing } from '../index.ts';

/** A list as React reads it: the same array until it has changed. */
export interface ListStore<T> {
  subscribe(onChange: () => void): () => void;
  items(): readonly T[];
}

export const NONE: readonly never[] = [];

const stores = new WeakMap<object, ListStore<unknown>>();

/** The store of a list: one for all components, which reads while any of them is mounted. */
export function storeOf<T>(listing: Listing<T>): ListStore<T> {
  const known = stores.get(listing) ?? createStore(listing);
  stores.set(listing, known);
  return known as ListStore<T>;
}

function createStore<T>(listing: Listing<T>): ListStore<T> {
  const listeners = new Set<() => void>();
  let items: readonly T[] = NONE;
  let stop: (() => void) | undefined;
  return {
    subscribe(onChange) {
      listeners.add(onChange);
      stop ??= listing.watch((read) => {
        items = read;
        for (const listener of [...listeners]) listener();
      });
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    items: () => items,
  };
}
