import { openCaptured } from './opening.ts';
import type { CaptureOptions } from './types.ts';
import { applicationVersion, shadowVersions } from './versions.ts';

/**
 * A factory through which the application's IndexedDB code works as before, while each write to a tracked store leaves a
 * note in a hidden store, in the application's own transaction.
 *
 * Opening an existing database adopts it: from then on it can only be opened through here.
 */
export function capture(native: IDBFactory, options: CaptureOptions): IDBFactory {
  const captures = (name: string) => options.database === undefined || name === options.database;

  const members: Partial<IDBFactory> = {
    open(...args: [name: string, version?: number]) {
      const name = String(args[0]);
      const isCall = (args as unknown[]).length > 0;
      return isCall && captures(name) ? openCaptured(native, options, name, args[1]) : native.open(...args);
    },

    deleteDatabase(...args: [name: string]) {
      const request = native.deleteDatabase(...args);
      if (captures(String(args[0]))) {
        for (const type of ['blocked', 'success']) {
          request.addEventListener(type, (event) => shadowVersions(event as IDBVersionChangeEvent));
        }
      }
      return request;
    },

    async databases() {
      const infos = await native.databases();
      return infos.map((info) => {
        const { name, version } = info;
        return name !== undefined && version !== undefined && captures(name)
          ? { ...info, version: applicationVersion(version) }
          : info;
      });
    },
  };

  // Bound, since native methods insist on the native factory; once, so that they keep their identity.
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(native, {
    get(target, property) {
      if (Object.hasOwn(members, property)) return members[property as keyof IDBFactory];
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || property === 'constructor') return value;
      if (!bound.has(property)) bound.set(property, value.bind(target));
      return bound.get(property);
    },
  });
}
