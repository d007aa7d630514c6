import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import { MAX_NOTICE_MS, MAX_STATUS_CHARACTERS, type NoticeContent } from '../../engine/ports';

/** As PIPE_BUF, which is also what systemd reads: a longer message is ignored. */
export const MAX_NOTICE_BYTES = 4096;

/**
 * What a datagram says: lines of `NAME=value` (sd_notify(3)). Unknown ones and those without a proper value are ignored; of a name
 * that is there twice the first counts, as with systemd. Null: nothing in it is known, or it has a NUL other than at its end.
 */
export function parseNotice(bytes: Uint8Array): NoticeContent | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/\0$/, '');
  if (bytes.length > MAX_NOTICE_BYTES || text.includes('\0')) return null;
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (at > 0 && !values.has(name)) values.set(name, line.slice(at + 1));
  }
  const isSet = (name: string): boolean => values.get(name) === '1';
  const status = values.get('STATUS');
  const watchdog = values.get('WATCHDOG');
  const [watchdogMs, extendTimeoutMs] = ['WATCHDOG_USEC', 'EXTEND_TIMEOUT_USEC'].map((name) => msOf(values.get(name)));
  const errno = numberOf(values.get('ERRNO'), 0);
  const mainPid = numberOf(values.get('MAINPID'), 1);
  const content: NoticeContent = {
    ...(isSet('READY') && { ready: true }),
    ...(isSet('RELOADING') && { reloading: true }),
    ...(isSet('STOPPING') && { stopping: true }),
    ...(status !== undefined && { status: truncate(escapeUnprintable(status), MAX_STATUS_CHARACTERS) }),
    ...(watchdog === '1' && { watchdog: true }),
    ...(watchdog === 'trigger' && { watchdog }),
    ...(watchdogMs !== undefined && { watchdogMs }),
    ...(extendTimeoutMs !== undefined && { extendTimeoutMs }),
    ...(errno !== undefined && { errno }),
    ...(mainPid !== undefined && { mainPid }),
  };
  return Object.keys(content).length === 0 ? null : content;
}

/** A 32-bit number that is not below `min`. */
function numberOf(text: string | undefined, min: number): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= 0x7fff_ffff ? number : undefined;
}

/** Of microseconds, as C prints 64 bits of them; a part of a millisecond counts as a whole one. */
function msOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d{1,20}$/.test(text)
    ? undefined
    : Math.min(Math.ceil(Number(text) / 1000), MAX_NOTICE_MS);
}
