import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useSyncExternalStore,
} from 'react';
import type { AnyCollections, Conflict, DeadLetter, PendingEdit, Status, Watersmeet } from '../index.ts';
import { OFFLINE } from '../sync/status.ts';
import { type ListStore, NONE, storeOf } from './store.ts';

const Client = createContext<Watersmeet | null | undefined>(undefined);

export interface WatersmeetProviderProps<C extends object = AnyCollections> {
  /** Made once, outside of components; null where there is no IndexedDB, as on a server that renders: all lists are empty then, and the status is offline. */
  readonly client: Watersmeet<C> | null;
  readonly children?: ReactNode;
}

/** Gives a client to the hooks of this module. Whoever has made it closes it: unmounting does not. */
export function WatersmeetProvider<C extends object = AnyCollections>({
  client,
  children,
}: WatersmeetProviderProps<C>): ReactElement {
  return createElement(Client.Provider, { value: client as unknown as Watersmeet | null }, children);
}

/**
 * The client that is provided; null where there is none, as on a server that renders.
 *
 * @throws Error outside of a {@link WatersmeetProvider}
 */
export function useWatersmeet<C extends object = AnyCollections>(): Watersmeet<C> | null {
  const client = useContext(Client);
  if (client === undefined) throw new Error('useWatersmeet and its like need a <WatersmeetProvider client={…}> above');
  return client as unknown as Watersmeet<C> | null;
}

/** How the synchronisation stands. */
export function useSyncStatus(): Status {
  const client = useWatersmeet();
  return useSyncExternalStore(
    client?.status.subscribe ?? never,
    () => client?.status.value ?? OFFLINE,
    () => OFFLINE,
  );
}

/** The conflicts that are kept, the newest first; empty until they are read. */
export function useConflicts<C extends object = AnyCollections>(): readonly Conflict<C>[] {
  const client = useWatersmeet<C>();
  return useList(client === null ? undefined : storeOf<Conflict<C>>(client.conflicts));
}

/** The edits that the server has refused, the oldest first; empty until they are read. */
export function useDeadLetters<C extends object = AnyCollections>(): readonly DeadLetter<C>[] {
  const client = useWatersmeet<C>();
  return useList(client === null ? undefined : storeOf<DeadLetter<C>>(client.deadLetters));
}

/** The documents with edits that the server has not confirmed, at most 1,000, the one that has waited longest first; empty until they are read. */
export function usePending<C extends object = AnyCollections>(): readonly PendingEdit<C>[] {
  const client = useWatersmeet<C>();
  return useList(client === null ? undefined : storeOf<PendingEdit<C>>(client.pending));
}

function useList<T>(store: ListStore<T> | undefined): readonly T[] {
  const none = () => NONE as readonly T[];
  return useSyncExternalStore(store?.subscribe ?? never, store?.items ?? none, none);
}

const never = () => () => {};
