export { UnsupportedValueError } from '../model/errors.ts';
export { capture } from './factory.ts';
export { META_STORE, sideStoreName, VERSION_KEY } from './names.ts';
export type {
  CapturedConnection,
  CaptureOptions,
  Note,
  NoteRow,
  Reading,
  TrackedStore,
  UntrackedReason,
} from './types.ts';
export { moveToUniqueIds, type Reference, type UniqueIdsOptions } from './unique-ids.ts';
