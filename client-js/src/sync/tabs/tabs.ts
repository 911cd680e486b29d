import type { Change } from '../lists/changes.ts';
import type { Conflict } from '../lists/conflicts.ts';
import type { Status } from '../status.ts';
import { openChannel } from './channel.ts';

/** What the tabs of a browser that have the same database open tell each other. */
export interface Tabs {
  /** Tells the tab that leads that this one has written. */
  written(): void;
  /** Tells the others how the synchronisation stands; for the tab that leads. */
  status(status: Status): void;
  /** Tells the others what has changed, and which tab has changed it; for the tab that leads. */
  changed(change: Change, by?: string): void;
  /** Tells the others of edits that met; for the tab that leads. */
  conflict(conflict: Conflict): void;
  /** Tells the others that the exchange is switched on or off. */
  connect(on: boolean): void;
  /** Tells the others that the database was erased. */
  erased(): void;
  /** Asks the tab that leads how things stand. */
  ask(): void;
  /** Tells and hears nothing more but that the database is erased: it is not this tab's to synchronise. */
  part(): void;
  /** Hears nothing from now on; what is still told until `last` has settled is told, and nothing later. */
  close(last: Promise<unknown>): void;
}

export interface TabListeners {
  onWritten(): void;
  onAsked(): void;
  onStatus(status: Status): void;
  onChanged(change: Change, by?: string): void;
  onConflict(conflict: Conflict): void;
  onConnect(on: boolean): void;
  onErased(): void;
}

type Message =
  | { readonly written: true }
  | { readonly asked: true }
  | { readonly status: Status }
  | { readonly change: Change; readonly by?: string | undefined }
  | { readonly conflict: Conflict }
  | { readonly connect: boolean }
  | { readonly erased: true };

export function createTabs(database: string, listeners: TabListeners): Tabs {
  const { channel, post: tell, closeAfter } = openChannel<Message>(`watersmeet:${database}`);
  let parted = false;
  const concerns = (message: Message) => !parted || 'erased' in message;
  const post = (message: Message) => {
    if (concerns(message)) tell(message);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (!concerns(data)) return;
    if ('written' in data) listeners.onWritten();
    if ('asked' in data) listeners.onAsked();
    if ('status' in data) listeners.onStatus(data.status);
    if ('change' in data) listeners.onChanged(data.change, data.by);
    if ('conflict' in data) listeners.onConflict(data.conflict);
    if ('connect' in data) listeners.onConnect(data.connect);
    if ('erased' in data) listeners.onErased();
  };
  return {
    written: () => post({ written: true }),
    ask: () => post({ asked: true }),
    status: (status) => post({ status }),
    changed: (change, by) => post({ change, by }),
    conflict: (conflict) => post({ conflict }),
    connect: (on) => post({ connect: on }),
    erased: () => post({ erased: true }),
    part() {
      parted = true;
    },
    close: closeAfter,
  };
}
