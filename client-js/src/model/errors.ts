/** Data from the wire, from a store or from another replica that the merge format does not allow. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  readonly code = 'malformed';
  /** Where in the data, for instance `cells[3].path`. */
  readonly place: string;
  readonly reason: string;

  constructor(place: string, reason: string) {
    super(`${place}: ${reason}`);
    this.place = place;
    this.reason = reason;
  }
}

/** A value of the application that cannot travel: it has no form in M-5, or exceeds a limit of M-6 or M-10. */
export class UnsupportedValueError extends Error {
  override readonly name = 'UnsupportedValueError';
  readonly code = 'unsupported';
  /** The way from the record to the value: field names and array positions. */
  readonly path: readonly (string | number)[];
  readonly reason: string;

  constructor(path: readonly (string | number)[], reason: string) {
    super(`${path.length === 0 ? 'the value' : path.join('.')}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

type Demanding = 'set' | 'counter' | 'map' | 'flag';

/** A record holds something at a declared field that the declared type cannot hold. */
export class TypeMismatchError extends Error {
  override readonly name = 'TypeMismatchError';
  readonly code = 'type-mismatch';
  readonly field: string;
  readonly type: Demanding;

  constructor(field: string, type: Demanding, found: string) {
    super(`field ${JSON.stringify(field)} is declared as a ${type}, but holds ${found}`);
    this.field = field;
    this.type = type;
  }
}
