export {
  type CollectionSchema,
  type DeletionPolicy,
  type FieldType,
  MalformedError,
  parseSchema,
  type Schema,
  type SchemaDifference,
  TypeMismatchError,
  UnsupportedValueError,
} from './model/index.ts';
export { watersmeet } from './sync/client.ts';
export type { CollectionOptions, FieldOptions } from './sync/collection.ts';
export type { EraseOptions } from './sync/erasing.ts';
export { SyncError, type SyncErrorCode } from './sync/errors.ts';
export type { Change } from './sync/lists/changes.ts';
export type { Conflict, ConflictSide } from './sync/lists/conflicts.ts';
export type { DeadLetter, DeadLetterExport, ExportedLetter } from './sync/lists/dead-letters.ts';
export type { CellView, Inspection } from './sync/lists/inspection.ts';
export type { Listing } from './sync/lists/listing.ts';
export type { ExportedEdit, PendingEdit, PendingExport } from './sync/lists/pending.ts';
export type { Staying } from './sync/merging/staying.ts';
export type { Withheld } from './sync/merging/withheld.ts';
export type { Happening, Observable } from './sync/observable.ts';
export type { WatersmeetOptions } from './sync/options.ts';
export type { Polling } from './sync/server/polling.ts';
export type { Patience } from './sync/server/server-sent-events.ts';
export type { Status } from './sync/status.ts';
export type { AnyCollections, CollectionName, FieldTypeFor, Multi } from './sync/typed.ts';
export type { Conflicts, DeadLetters, PendingEdits, Watersmeet, WatersmeetOf } from './sync/watersmeet.ts';
