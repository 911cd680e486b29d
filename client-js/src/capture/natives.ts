/**
 * Gives native objects a prototype that derives from their own, and a state. The objects stay native, so that identity,
 * `instanceof` and events need no emulation, and nothing global is patched.
 */
export interface Derivation<T extends object, State> {
  attach(object: T, state: State): void;
  /** The state of what was attached; undefined for everything else, on which the native members then throw as they do. */
  stateOf(object: unknown): State | undefined;
}

/**
 * `members` makes the object that goes in between. It runs once for each native prototype that turns up, and reaches the
 * native members by `super`.
 */
export function createDerivation<T extends object, State>(members: () => ThisType<T>): Derivation<T, State> {
  const prototypes = new WeakMap<object, object>();
  // Being a key also keeps Firefox from dropping an unreferenced wrapper and making a new one without our prototype.
  const states = new WeakMap<object, State>();

  function prototypeFor(native: object): object {
    let derived = prototypes.get(native);
    if (derived === undefined) {
      derived = Object.setPrototypeOf(likeNative(members(), native), native) as object;
      prototypes.set(native, derived);
    }
    return derived;
  }

  return {
    attach(object, state) {
      Object.setPrototypeOf(object, prototypeFor(Object.getPrototypeOf(object)));
      states.set(object, state);
    },
    stateOf: (object) => states.get(object as object),
  };
}

/** Lets methods tell the lengths of the native ones. */
export function likeNative(members: object, native: object): object {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    const method = typeof value === 'function' ? propertyOf(native, name)?.value : undefined;
    if (typeof method === 'function') {
      Object.defineProperty(value, 'length', { value: method.length, configurable: true });
    }
  }
  return members;
}

function propertyOf(object: object, name: string): PropertyDescriptor | undefined {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property !== undefined) return property;
  }
  return undefined;
}

let depth = 0;

/** Runs a synchronous operation during which captured objects behave as native ones: hidden stores show and can be used. */
export function natively<T>(operation: () => T): T {
  depth++;
  try {
    return operation();
  } finally {
    depth--;
  }
}

export function isNative(): boolean {
  return depth > 0;
}

/**
 * Shadows an attribute that the implementation keeps as an own field, as fake-indexeddb does, where a derived prototype
 * has no say. In browsers, which have accessors on prototypes, this does nothing.
 */
export function shadowOwnField<T extends object, K extends keyof T>(
  object: T,
  key: K,
  view: (value: T[K]) => T[K],
): void {
  const field = Object.getOwnPropertyDescriptor(object, key);
  if (field === undefined) return;
  let value: T[K] = field.value;
  Object.defineProperty(object, key, {
    get: () => (isNative() ? value : view(value)),
    set: (next: T[K]) => {
      value = next;
    },
    enumerable: true,
    configurable: true,
  });
}
