export { capture } from './factory.ts';
export { META_STORE, sideStoreName } from './names.ts';
export type {
  CapturedConnection,
  CaptureOptions,
  Note,
  NoteRow,
  Reading,
  TrackedStore,
  UntrackedReason,
} from './types.ts';
