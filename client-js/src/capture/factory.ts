import { createClock } from '../model/clock.ts';
import { isListed } from './database.ts';
import { startsWithName } from './names.ts';
import { likeNative } from './natives.ts';
import { openCaptured } from './opening.ts';
import { checkRecord } from './refusal.ts';
import type { CaptureOptions, CompleteOptions } from './types.ts';
import { applicationVersion, shadowVersions } from './versions.ts';

/**
 * A factory through which the application's IndexedDB code works as before, while each write to a tracked store leaves a
 * note in a hidden store, in the application's own transaction.
 *
 * Opening an existing database adopts it: from then on it can only be opened through here.
 */
export function capture(native: IDBFactory, options: CaptureOptions = {}): IDBFactory {
  const context = completed(options);
  const captures = (name: string) => options.database === undefined || name === options.database;

  const members = {
    open(...args: unknown[]) {
      const [first, second] = args; // not by numbers, which may stand on `Object.prototype`
      if (!startsWithName(args) || typeof second === 'bigint') return native.open(...(args as [string]));
      const name = `${first}`;
      const version = second === undefined ? undefined : +(second as number);
      return captures(name) ? openCaptured(native, context, name, version) : native.open(name, version);
    },

    deleteDatabase(...args: unknown[]) {
      if (!startsWithName(args)) return native.deleteDatabase(...(args as [string]));
      const name = `${args[0]}`;
      const request = native.deleteDatabase(name);
      if (captures(name)) {
        for (const type of ['blocked', 'success']) {
          request.addEventListener(type, (event) => shadowVersions(event as IDBVersionChangeEvent));
        }
      }
      return request;
    },

    async databases() {
      const infos = await native.databases();
      const listed = infos.filter(({ name }) => name === undefined || isListed(name));
      return listed.map((info) => {
        const { name, version } = info;
        return name !== undefined && version !== undefined && captures(name)
          ? { ...info, version: applicationVersion(version) }
          : info;
      });
    },
  };

  // Bound, since native methods insist on the native factory; once, so that they keep their identity.
  const bound = new Map<PropertyKey, unknown>(Object.entries(likeNative(members, native)));
  return new Proxy(native, {
    get(target, property) {
      if (bound.has(property)) return bound.get(property);
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || property === 'constructor') return value;
      bound.set(property, named(value.name, value.bind(target)));
      return bound.get(property);
    },
  });
}

/** The options with what is left out of them. */
function completed(options: CaptureOptions): CompleteOptions {
  const { reading } = createClock({ millis: Date.now });
  return { stores: '*', unsupported: 'local', reading, check: checkRecord, ...options };
}

function named<F extends object>(name: string, method: F): F {
  return Object.defineProperty(method, 'name', { value: name, configurable: true });
}
