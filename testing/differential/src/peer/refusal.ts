import { MalformedError, TypeMismatchError, UnsupportedValueError } from '../../../../client-js/src/model/index.ts';

/** What a reader returns, or null if it refuses what somebody else wrote. Other errors are bugs and pass. */
export function unlessMalformed<T>(read: () => T): T | null {
  return unless([MalformedError], read);
}

/** What a writer returns, or null if it refuses what the application gave it: with errors that say so, and no others. */
export function unlessUnsupported<T>(write: () => T): T | null {
  return unless([UnsupportedValueError, TypeMismatchError], write);
}

function unless<T>(refusals: readonly (abstract new (...args: never[]) => Error)[], run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) {
      return null;
    }
    throw error;
  }
}
