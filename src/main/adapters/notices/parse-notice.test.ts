import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NOTICE_MS, MAX_STATUS_CHARACTERS } from '../../engine/ports';
import { MAX_NOTICE_BYTES, parseNotice } from './parse-notice';

const parse = (text: string) => parseNotice(Buffer.from(text));

describe('a message of sd_notify(3)', () => {
  it.each([
    ['READY=1', { ready: true }],
    ['READY=1\nSTATUS=Serving on :8080', { ready: true, status: 'Serving on :8080' }],
    ['WATCHDOG=1\n', { watchdog: true }],
    ['WATCHDOG=trigger', { watchdog: 'trigger' }],
    ['STOPPING=1\nSTATUS=Saving', { stopping: true, status: 'Saving' }],
    ['RELOADING=1\nMONOTONIC_USEC=12', { reloading: true }],
    ['EXTEND_TIMEOUT_USEC=2500000', { extendTimeoutMs: 2500 }],
    ['WATCHDOG_USEC=1', { watchdogMs: 1 }],
    ['WATCHDOG_USEC=0', { watchdogMs: 0 }],
    ['WATCHDOG_USEC=18446744073709551615', { watchdogMs: MAX_NOTICE_MS }],
    ['ERRNO=2\nMAINPID=4711', { errno: 2, mainPid: 4711 }],
    ['READY=1\0', { ready: true }],
    ['STATUS=', { status: '' }],
    ['STATUS=a=b', { status: 'a=b' }],
    ['\n\nREADY=1\n\n', { ready: true }],
    ['X_OWN=1\nREADY=1\nFDSTORE=1', { ready: true }],
  ])('%j is understood', (text, content) => {
    expect(parse(text)).toEqual(content);
  });

  it.each([
    ...[
      '',
      '\n',
      '=',
      'READY',
      'READY=',
      'READY=0',
      'READY=11',
      'ready=1',
      ' READY=1',
      'BARRIER=1',
      'READY=1\0x',
      '\0',
    ],
    ...['MAINPID=0', 'MAINPID=-1', 'MAINPID=1e3', 'MAINPID=4294967296', 'ERRNO=', 'ERRNO=0x2', 'WATCHDOG=yes'],
    ...['WATCHDOG_USEC=1.5', 'EXTEND_TIMEOUT_USEC=infinity', `WATCHDOG_USEC=${'9'.repeat(21)}`],
  ])('%j says nothing', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('counts by the first of two values, as with systemd', () => {
    expect(parse('STATUS=one\nSTATUS=two\nMAINPID=5\nMAINPID=6')).toEqual({ status: 'one', mainPid: 5 });
  });

  it('is ignored when it is longer than systemd reads', () => {
    const padding = (bytes: number): string => 'READY=1\nX='.padEnd(bytes, 'x');
    expect(parse(padding(MAX_NOTICE_BYTES))).toEqual({ ready: true });
    expect(parse(padding(MAX_NOTICE_BYTES + 1))).toBeNull();
  });

  it('has a status that is safe to print, whatever was sent', () => {
    expect(parse('STATUS=\x1b[2J\u202eok\r')).toEqual({ status: '\\x1b[2J\\u202eok\\r' });
    expect(parseNotice(Buffer.from([...Buffer.from('STATUS=a'), 0xff, 0xc3]))).toEqual({ status: 'a\ufffd\ufffd' });
    const cut = parse(`STATUS=${'x'.repeat(1000)}`)?.status ?? '';
    expect(Array.from(cut).length).toBe(MAX_STATUS_CHARACTERS);
  });

  it('has bounded, printable content, whatever its bytes', () => {
    const names = ['READY', 'STATUS', 'WATCHDOG', 'WATCHDOG_USEC', 'EXTEND_TIMEOUT_USEC', 'MAINPID', 'ERRNO', 'X', ''];
    const bytes = fc.uint8Array({ maxLength: 400 });
    const line = fc.tuple(
      fc.constantFrom(...names),
      fc.oneof(
        bytes,
        fc.nat().map((n) => Buffer.from(String(n))),
      ),
    );
    const lines = fc.array(
      line.map(([name, value]) => Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')])),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          lines.map((each) => Buffer.concat(each)),
        ),
        (message) => {
          const content = parseNotice(message);
          if (content === null) return;
          expect(message.length).toBeLessThanOrEqual(MAX_NOTICE_BYTES);
          const { status = '', watchdogMs = 0, extendTimeoutMs = 0, mainPid = 1, errno = 0 } = content;
          expect(status).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(Array.from(status).length).toBeLessThanOrEqual(MAX_STATUS_CHARACTERS);
          for (const ms of [watchdogMs, extendTimeoutMs]) {
            expect(Number.isInteger(ms) && ms >= 0 && ms <= MAX_NOTICE_MS).toBe(true);
          }
          expect(mainPid).toBeGreaterThan(0);
          expect(errno).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
