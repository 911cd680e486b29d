/** A channel between the tabs of a browser, by which nothing is told any more once it is closed. */
export interface Channel<T> {
  readonly channel: BroadcastChannel;
  /** Tells the other tabs; nothing if the channel is closed. */
  post(message: T): void;
  /** Hears nothing from now on, and closes once the promise has settled. */
  closeAfter(last: Promise<unknown>): void;
}

export function openChannel<T>(name: string): Channel<T> {
  const channel = new BroadcastChannel(name);
  let closed = false;
  const close = () => {
    closed = true;
    channel.close();
  };
  return {
    channel,
    post(message) {
      if (!closed) channel.postMessage(message);
    },
    closeAfter(last) {
      channel.onmessage = null;
      last.then(close, close);
    },
  };
}
