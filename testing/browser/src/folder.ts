import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder. */
export interface Folder {
  readonly path: string;
  /** The path of something inside. */
  in(name: string): string;
  delete(): void;
}

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'watersmeet-'));
  return {
    path,
    in: (name) => join(path, name),
    delete: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
