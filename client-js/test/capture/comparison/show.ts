/**
 * Makes a function that writes values down so that what an application could tell apart differs: types, own properties, identities of platform
 * objects and cycles.
 */
export function createShow(): (value: unknown) => string {
  const identities = new Map<object, string>();
  const counts = new Map<string, number>();

  function identity(object: object, type: string): string {
    let known = identities.get(object);
    if (known === undefined) {
      const count = (counts.get(type) ?? 0) + 1;
      counts.set(type, count);
      known = `${type}#${count}`;
      identities.set(object, known);
    }
    return known;
  }

  return (value) => (typeof value === 'string' ? value : show(value, []));

  function show(value: unknown, ancestors: readonly object[]): string {
    if (Object.is(value, -0)) return '-0';
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `function ${value.name}(${value.length})`;
    if (typeof value !== 'object' || value === null) return String(value);
    if (ancestors.includes(value)) return `cycle ${ancestors.length - ancestors.indexOf(value)}`;
    const inside = [...ancestors, value];
    const type = Object.prototype.toString.call(value).slice(8, -1);
    if (value instanceof Error || type === 'DOMException')
      return `${type} ${(value as Error).name} ${messageOf(value as Error)}`;
    if (value instanceof Date) return `Date(${value.getTime()})`;
    if (value instanceof RegExp) return `RegExp(${value})`;
    if (value instanceof Map) return `Map(${[...value].map((entry) => show(entry, inside))})`;
    if (value instanceof Set) return `Set(${[...value].map((entry) => show(entry, inside))})`;
    if (value instanceof ArrayBuffer) return `ArrayBuffer(${[...new Uint8Array(value)]})`;
    if (ArrayBuffer.isView(value)) {
      return `${type}(${[...new Uint8Array(value.buffer)]} from ${value.byteOffset}, ${value.byteLength} bytes)`;
    }
    if (type === 'File' || type === 'Blob') {
      const { size, type: kind, name } = value as File;
      return `${type}(${size}, ${kind}, ${name})`;
    }
    if (type === 'DOMStringList') {
      const list = value as DOMStringList;
      return `DOMStringList(${Array.from(list).map((name) => JSON.stringify(name))}; ${list.length}; ${Object.keys(list)})`;
    }
    if (type === 'IDBVersionChangeEvent') {
      const { type: name, oldVersion, newVersion } = value as IDBVersionChangeEvent;
      return `${type} ${name} ${oldVersion} ${newVersion}`;
    }
    if (value instanceof Event) return `${type} ${value.type} ${value.bubbles} ${value.cancelable}`;
    if (type === 'IDBKeyRange') {
      const { lower, upper, lowerOpen, upperOpen } = value as IDBKeyRange;
      return `${type}(${show([lower, upper, lowerOpen, upperOpen], inside)})`;
    }
    if (type === 'IDBRecord') {
      const { key, primaryKey, value: record } = value as unknown as Record<string, unknown>;
      return `${type}(${show([key, primaryKey, record], inside)})`;
    }
    if (/^IDB|Window|Worker/.test(type)) return identity(value, type);
    if (type === 'Boolean' || type === 'Number' || type === 'String') return `${type} object ${value}`;
    const own = Reflect.ownKeys(value)
      .filter((key) => !(Array.isArray(value) && key === 'length'))
      .map((key) => `${String(key)}: ${show((value as Record<PropertyKey, unknown>)[key], inside)}`);
    const prototype = Object.getPrototypeOf(value) === Object.prototype ? '' : `${type} `;
    return Array.isArray(value) ? `[${own.join(', ')}; ${value.length}]` : `${prototype}{${own.join(', ')}}`;
  }
}

/** Firefox tells at which place of all stores a name stands, and the hidden ones have places, too. */
function messageOf({ message }: Error): string {
  return message.replace(/at index '\d+'/, 'at its index');
}
