/** How often whoever leads is asked, in milliseconds, and after how many questions without an answer it counts as gone. */
export const ASK_EVERY = 2000;
export const UNANSWERED = 4;

export interface Vigil {
  /** Waits for a word from whoever leads, and asks for it. Does nothing while it waits already. */
  begin(): void;
  /** A word has come, or none is needed any more. */
  end(): void;
}

export interface VigilOptions {
  readonly ask: () => void;
  /** All questions went unanswered. The vigil has ended. */
  readonly onSilent: () => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Waits for a word from the tab that leads. A tab in the background answers at once, for messages are not throttled as timers are; one that is frozen, or
 * whose main thread is blocked, does not. Only who runs itself may judge: where a question comes late, this tab has been asleep, the word may wait in
 * its own queue, and the vigil begins anew.
 */
export function createVigil({ ask, onSilent, now, random }: VigilOptions): Vigil {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function question(unanswered: number): void {
    const wait = ASK_EVERY * (1 + random() / 4); // tabs that wait together do not give up together
    const due = now() + wait;
    timer = setTimeout(() => {
      const asleep = now() > due + ASK_EVERY;
      if (asleep) return question(0);
      if (unanswered + 1 < UNANSWERED) return question(unanswered + 1);
      timer = undefined;
      onSilent();
    }, wait);
    ask();
  }

  return {
    begin() {
      if (timer === undefined) question(0);
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
