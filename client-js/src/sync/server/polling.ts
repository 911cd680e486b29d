/** How a client goes on where live feeds are held back (P-13), in milliseconds. */
export interface Polling {
  /** How often it asks for changes; a fifth more or less, so that clients do not come together. */
  readonly every: number;
  /** After how long it tries a live feed again. */
  readonly retryFeedAfter: number;
}

export const POLLING: Polling = { every: 20_000, retryFeedAfter: 600_000 };

/** Runs a poll again and again, until it is time to try a feed again. */
export async function pollFor(
  { every, retryFeedAfter }: Polling,
  delay: (millis: number) => Promise<void>,
  random: () => number,
  poll: () => Promise<void>,
): Promise<void> {
  for (let waited = 0; waited < retryFeedAfter; ) {
    await poll();
    const wait = every * (0.8 + 0.4 * random());
    await delay(wait);
    waited += wait;
  }
}
