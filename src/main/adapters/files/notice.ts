import type { Severity } from '../../../shared/model/event';

/** Something that the operator should know about Healdeck's own files; it becomes an event of type `notice`. */
export interface StorageNotice {
  /** The file it is about, such as `config.json`. */
  topic: string;
  severity: Severity;
  /** What happened and what to do, in a sentence or two. */
  detail: string;
}

/** Takes a notice. May be called while an event is being appended, so it must not append one in the same call. */
export type Notify = (notice: StorageNotice) => void;

/** What an error says, without its stack. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ENOSPC`, `SQLITE_BUSY` and the like; empty when the error has none. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
