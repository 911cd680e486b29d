/**
 * Makes Dexie's live queries run again, in every tab, as if another tab had written: Dexie listens to this channel for that purpose. Applications without
 * Dexie have no listener.
 */
export function announceToDexie(): void {
  channel ??= new BroadcastChannel('x-storagemutated-1');
  channel.postMessage({ all: { d: 1, from: Number.NEGATIVE_INFINITY, to: [[]] } });
}

let channel: BroadcastChannel | undefined;
