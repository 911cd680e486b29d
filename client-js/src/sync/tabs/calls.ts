import { nonceText } from '../../model/index.ts';
import { DeposedError } from '../database/transaction.ts';
import { SyncError } from '../errors.ts';
import { unlessAborted } from '../waiting.ts';
import { openChannel } from './channel.ts';

/** What any tab may ask of the one that leads: to exchange with the server now, or to make a refused edit again. */
export type Call = { readonly now: true } | { readonly retry: string; readonly by: string };

/** How the tabs that have the same database open ask the one that leads, and hear that one of the lists has changed. */
export interface Calls {
  /** Asks the tab that leads, be it this one; rejects with a {@link SyncError}. What no tab has answered is asked again of the next one that leads. */
  ask(call: Call, signal?: AbortSignal): Promise<void>;
  /** This tab leads now, and does what is asked. */
  lead(): void;
  /** Tells the others that what is listed may have changed. */
  listed(): void;
  /** This tab cannot go on: what is asked in it, now or later, ends with the error. */
  fail(error: SyncError): void;
  /**
   * Hears nothing from now on; what is still told until `last` has settled is told, and nothing later.
   *
   * @param error what the calls end with that nobody has answered
   */
  close(error: SyncError, last: Promise<unknown>): void;
}

export interface CallsOptions {
  readonly database: string;
  /** Does what is asked; undefined while this tab does not lead. Rejects with a {@link DeposedError} if another one takes over. */
  readonly work: (call: Call) => Promise<void> | undefined;
  readonly onListed: () => void;
  /** Another tab is asked. */
  readonly onAsking: () => void;
}

type Message =
  | { readonly ask: string; readonly call: Call }
  | { readonly answered: string; readonly error?: { readonly code: string; readonly message: string } }
  | { readonly leads: true }
  | { readonly listed: true };

interface Open {
  readonly call: Call;
  resolve(): void;
  reject(error: unknown): void;
}

export function createCalls({ database, work, onListed, onAsking }: CallsOptions): Calls {
  const { channel, post, closeAfter } = openChannel<Message>(`watersmeet:${database}:calls`);
  const open = new Map<string, Open>();
  let failed: SyncError | undefined;

  /** Does what is asked if this tab leads; returns whether it does. */
  function serve(call: Call, answer: (error?: SyncError) => void, onDeposed: () => void): boolean {
    const working = work(call);
    working?.then(
      () => answer(),
      (error: unknown) => (error instanceof DeposedError ? onDeposed() : answer(syncError(error))),
    );
    return working !== undefined;
  }

  function send(id: string, asked: Open): void {
    const { call, resolve, reject } = asked;
    const answer = (error?: SyncError) => (error ? reject(error) : resolve());
    const again = () => {
      if (open.has(id)) send(id, asked);
    };
    if (serve(call, answer, again)) return;
    post({ ask: id, call });
    onAsking();
  }

  function sendAll(): void {
    for (const [id, asked] of open) send(id, asked);
  }

  function fail(error: SyncError): void {
    failed = error;
    for (const { reject } of open.values()) reject(error);
    open.clear(); // at once: what this tab itself was doing for them is not to be asked of another one
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('ask' in data) {
      const answer = (error?: SyncError) =>
        post({ answered: data.ask, ...(error && { error: { code: error.code, message: error.message } }) });
      serve(data.call, answer, () => {}); // who asks hears of the next one that leads
    }
    if ('answered' in data) {
      const asked = open.get(data.answered);
      if (data.error === undefined) asked?.resolve();
      else asked?.reject(new SyncError(data.error.code, data.error.message));
    }
    if ('leads' in data) sendAll();
    if ('listed' in data) onListed();
  };

  return {
    ask(call, signal) {
      const id = nonceText(crypto.getRandomValues(new Uint8Array(16)));
      const answered = new Promise<void>((resolve, reject) => {
        if (failed !== undefined) return reject(failed);
        if (signal?.aborted) return reject(signal.reason);
        const asked = { call, resolve, reject };
        open.set(id, asked);
        send(id, asked);
      });
      return (signal === undefined ? answered : unlessAborted(signal, answered)).finally(() => open.delete(id));
    },
    lead() {
      post({ leads: true });
      sendAll();
    },
    listed: () => post({ listed: true }),
    fail,
    close(error, last) {
      fail(error);
      closeAfter(last);
    },
  };
}

function syncError(error: unknown): SyncError {
  return error instanceof SyncError ? error : new SyncError('failed', String(error), { cause: error });
}
