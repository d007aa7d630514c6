import type { Severity } from '../../../shared/model/event';
import { plural } from '../../../shared/lib/format/values';

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

/**
 * The notices of a queue in front of a file: that it can't be written, and what became of what waited, `what` in the singular.
 * `loss` is how bad it is to lose some.
 */
export function queueNotices(notify: Notify, { file, what, loss }: { file: string; what: string; loss: Severity }) {
  return {
    onFailing: (error: unknown): void =>
      notify({
        topic: file,
        severity: 'high',
        detail: `${file} can't be written (${errorText(error)}). Its ${what}s wait in memory and are written when it can be; healing continues.`,
      }),
    onRecovered: (lost: number): void => {
      const became =
        lost > 0
          ? `${plural(lost, `${what} was`, `${what}s were`)} lost, the oldest that waited`
          : `no ${what} was lost`;
      notify({ topic: file, severity: lost > 0 ? loss : 'info', detail: `${file} is written again; ${became}.` });
    },
  };
}

/** The message of an error, without its stack. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ENOSPC`, `SQLITE_BUSY` and the like; empty when the error has none. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
