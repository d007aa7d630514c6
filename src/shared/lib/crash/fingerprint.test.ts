import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { crashFingerprint, type Crash } from './fingerprint';
import { linesOf } from './testing/lines';

const crash = (text: string, facts: Partial<Crash> = {}): Crash => ({
  stderrTail: linesOf(text),
  exitCode: 1,
  signal: null,
  program: 'worker.py',
  ...facts,
});
const print = (text: string, facts: Partial<Crash> = {}) => crashFingerprint(crash(text, facts));
const id = (text: string, facts: Partial<Crash> = {}) => print(text, facts).id;

const TRACE = `
Traceback (most recent call last):
  File "/srv/app-1.2/worker.py", line 40, in <module>
    main(17)
  File "/srv/app-1.2/worker.py", line 31, in main
    return compute(rows)
  File "/srv/app-1.2/worker.py", line 12, in compute
    return 1 / rows
ZeroDivisionError: division by zero`;

describe('the fingerprint of a crash', () => {
  it('says what happened, and where', () => {
    expect(print(TRACE)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      title: 'ZeroDivisionError: division by zero in compute (worker.py)',
      frames: ['compute (worker.py)', 'main (worker.py)', 'worker.py'],
      source: 'python',
    });
  });

  it('never changes: groups are kept over versions', () => expect(id(TRACE)).toBe('99e66e47923ccfd5'));

  it.each([
    ['the directory', TRACE.replaceAll('/srv/app-1.2/', '/home/ada/app-1.3/')],
    ['lines', TRACE.replace('line 12', 'line 99').replace('line 31', 'line 118')],
    ['the message', TRACE.replace('division by zero', 'half of it')],
    ['source and carets', TRACE.replace('    return 1 / rows', '    return 1 / rows\n           ~~^~~~~~')],
    ['colours', TRACE.replaceAll('ZeroDivisionError', '\u001b[1;35mZeroDivisionError\u001b[0m')],
    ['the newline', `${TRACE.replaceAll('\n', '\r\n')}\r`],
    ['what was written before', `started\nTraceback of nothing\n${TRACE}`],
    ['a few lines after it', `${TRACE}\nsys:1: ResourceWarning: unclosed file\n\n`],
    ['a missing beginning', TRACE.split('\n').slice(3).join('\n')],
  ])('does not depend on %s', (_what, text) => expect(id(text)).toBe(id(TRACE)));

  it.each([
    ['another type', TRACE.replace('ZeroDivisionError', 'OverflowError')],
    ['another function', TRACE.replace('in compute', 'in average')],
    ['another file', TRACE.replace('worker.py", line 12', 'maths.py", line 12')],
  ])('differs for %s', (_what, text) => expect(id(text)).not.toBe(id(TRACE)));

  it('differs for another program', () => expect(id(TRACE, { program: 'other.py' })).not.toBe(id(TRACE)));

  it('needs the message where no function is named', () => {
    const top = (message: string) => `  File "x.py", line 1, in <module>\n    run()\nValueError: ${message}`;
    expect(id(top('row 17 is empty'))).toBe(id(top('row 4 is empty')));
    expect(id(top('row 17 is empty'))).not.toBe(id(top('no header')));
  });

  it.each([
    ['killed from outside', { exitCode: null, signal: 'SIGKILL' }, 'exit', 'worker.py: SIGKILL'],
    ['killed from outside, as a shell reports it', { exitCode: 143 }, 'exit', /SIGTERM/],
    ['interrupted', { exitCode: null, signal: 'SIGINT' }, 'exit', /SIGINT/],
    ['hit by a fault', { exitCode: null, signal: 'SIGSEGV' }, 'exit', 'worker.py: SIGSEGV'],
    ['ended in order', { exitCode: 0 }, 'python', /compute/],
    ['aborted', { exitCode: null, signal: 'SIGABRT' }, 'python', /compute/],
    ['ended as nobody knows', { exitCode: null }, 'python', /compute/],
  ])('takes a trace for the reason or not when it was %s', (_what, facts, source, title) => {
    expect(print(TRACE, facts)).toMatchObject({
      source,
      title: (typeof title === 'string' ? title : expect.stringMatching(title)) as string,
    });
  });

  it('takes the last words of a runtime for the reason of a fault', () => {
    const text =
      'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1f (most recent call first):\n  File "a.py", line 1 in f';
    expect(print(text, { exitCode: null, signal: 'SIGSEGV' })).toMatchObject({
      source: 'python',
      title: 'Fatal Python error: Segmentation fault in f (a.py)',
    });
    expect(print('step 17\ncaught signal 11', { exitCode: null, signal: 'SIGSEGV' }).source).toBe('message');
  });

  it('forgets a trace that the program survived', () => {
    const later = Array.from({ length: 12 }, (_one, n) => `tick ${n}`).join('\n');
    expect(print(`${TRACE}\n${later}\nfatal: lost the lock of shard 17`)).toMatchObject({
      source: 'message',
      title: 'fatal: lost the lock of shard <n>',
    });
  });

  it('takes the last of two traces', () => {
    const other = TRACE.replace('in compute', 'in average').replace('ZeroDivisionError', 'KeyError');
    expect(id(`${TRACE}\n${other}`)).toBe(id(other));
  });

  it.each([
    ['bash: line 12: foo: command not found', 'bash: line <n>: foo: command not found'],
    ['/srv/deploy.sh: 12: rotate: not found', 'deploy.sh: <n>: rotate: not found'],
    ['2026-05-01 12:00:00,123 [4711] ERROR no route to 10.0.0.1:80', 'ERROR no route to <ip>'],
    ['connection refused\nexit status 1', 'connection refused'],
    ['error: no disk\nbye', 'error: no disk'],
    ['first\nlast', 'last'],
    ['npm ERR! code 1\nlisten failed\nnpm ERR! A complete log of this run', 'listen failed'],
  ])('without a trace is that of the message: %j', (text, title) => {
    expect(print(text)).toMatchObject({ source: 'message', title, frames: [] });
  });

  it('of a message depends on the exit', () => expect(id('no disk')).not.toBe(id('no disk', { exitCode: 2 })));

  it.each([[''], ['\n\n'], ['\u0000\u0001\ufffd'], ['17'], ['---']])('of %j is that of the exit', (text) => {
    expect(print(text, { exitCode: 78, program: '/srv/app-1.2/bin/shop' })).toMatchObject({
      source: 'exit',
      title: 'shop: exit code 78 (by convention a configuration error)',
    });
  });

  it.each([
    ['\u001b[31mpanic: boom\u001b[0m', 'go'],
    ["loading 17 %thread 'main' panicked at src/main.rs:4:5:\nboom", 'rust'],
    ["loading 17 %terminate called after throwing an instance of 'Full'", 'cpp'],
    ['Traceback (most recent call last):\n  File "x.py", line 1, in f\nValueError: ung\ufffdltig', 'python'],
    ['\u0001\u0002\ufffd\ufffd\nPHP Fatal error:  no class in /srv/x.php on line 3\n\ufffd\ufffd\u0003', 'php'],
  ])('reads %j', (text, source) => expect(print(text).source).toBe(source));

  it('keeps the place in the title of a long message', () => {
    expect(print(TRACE.replace('division by zero', 'x '.repeat(300))).title).toMatch(/… in compute \(worker\.py\)$/);
  });

  it('is printable on one line', () => {
    const { title } = print('error: \u202eevil\u200b \u2028 line');
    expect(title).toBe('error: \\u202eevil line');
    expect(print(`error: ${'x '.repeat(10_000)}`).title.length).toBeLessThanOrEqual(160);
  });
});

interface CorpusFile {
  program: string;
  bugs: Record<string, Omit<Crash, 'program'>[]>;
}

const corpus = join(import.meta.dirname, 'corpus');
const crashes: readonly Crash[] = ['run', 'written'].flatMap((folder) =>
  readdirSync(join(corpus, folder)).flatMap((file) => {
    const { program, bugs } = JSON.parse(readFileSync(join(corpus, folder, file), 'utf8')) as CorpusFile;
    return Object.values(bugs).flatMap((samples) => samples.map((sample) => ({ ...sample, program })));
  }),
);
const lines = crashes.flatMap(({ stderrTail }) => stderrTail);

const exit = fc.constantFrom<Pick<Crash, 'exitCode' | 'signal'>>(
  { exitCode: 1, signal: null },
  { exitCode: 0, signal: null },
  { exitCode: 139, signal: null },
  { exitCode: null, signal: null },
  { exitCode: null, signal: 'SIGSEGV' },
  { exitCode: null, signal: 'SIGABRT' },
);
/** Lines of real traces, whole, cut and mixed, between lines of any other kind. */
const anyLine = fc.oneof(
  fc.constantFrom(...lines),
  fc
    .tuple(fc.constantFrom(...lines), fc.nat(60), fc.nat(60))
    .map(([line, from, to]) => line.slice(from, -to || undefined)),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
);

describe('any output', () => {
  it('has a fingerprint', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 60 }),
        exit,
        fc.string({ unit: 'binary' }),
        (stderrTail, ending, program) => {
          const found = crashFingerprint({ stderrTail, ...ending, program });
          expect(found.id).toMatch(/^[0-9a-f]{16}$/);
          expect(found.title).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
          expect(found.title.length).toBeLessThanOrEqual(320);
          expect(found.frames.length).toBeLessThanOrEqual(8);
          expect(crashFingerprint({ stderrTail, ...ending, program })).toEqual(found);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that begins later has one, too', () => {
    for (const one of crashes) {
      for (let from = 0; from <= one.stderrTail.length; from += 1) {
        expect(crashFingerprint({ ...one, stderrTail: one.stderrTail.slice(from) }).id).toHaveLength(16);
      }
    }
  });
});

describe('what changes without the bug', () => {
  const noise = fc.record({
    one: fc.constantFrom(...crashes),
    number: fc.integer({ min: 1, max: 99_999 }),
    address: fc.integer({ min: 0x1000, max: 0xfffffff }),
    directory: fc.array(fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/), { minLength: 1, maxLength: 4 }),
  });

  it('changes no fingerprint: line numbers, other numbers, addresses, directories', () => {
    fc.assert(
      fc.property(noise, ({ one, number, address, directory }) => {
        const changed = one.stderrTail.map((line) =>
          line
            .replace(/0x[0-9a-f]{4,}/g, `0x${address.toString(16)}`)
            .replace(
              /\/(?:srv\/app-1\.\d|home\/ada\/shop|opt\/releases\/\d+\/current|opt\/shop)(?=\/)/g,
              `/${directory.join('/')}`,
            )
            .replace(/(\bline |\.\w{1,4}:|\()\d+(?=[:,) ]|$)/g, (_place, before: string) => `${before}${number}`)
            .replace(/(?<![\w.#:/+-])(?<!v)\d+(?![\w.:/%-])/g, String(number)),
        );
        expect(crashFingerprint({ ...one, stderrTail: changed }).id, changed.join('\n')).toBe(crashFingerprint(one).id);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile output', () => {
  const LENGTH = 100_000;
  it.each([
    ['a'],
    ['('],
    [' '],
    [':'],
    ['/'],
    ['<'],
    ['.a'],
    ['a.'],
    ['1.'],
    ['1:'],
    ['0x'],
    ['in '],
    [':1:in `'],
    ["': "],
    [' (A)'],
    ['at '],
    ['    at a ('],
    ['File "'],
    ['", line 1, in '],
    ['Caused by: '],
    ['a.b.C: '],
    ['Error: '],
    ['panic: '],
    ["thread '"],
    ["' panicked at '"],
    ['#0 a(1): '],
    ['Uncaught a in '],
    ['::a'],
    ['\\n    at '],
    ['\u001b['],
    ['\u001b]'],
    ['\r'],
    ['\n'],
    ['\ufffd'],
    ['Assertion `'],
    [": Assertion `x' "],
    ['2026-05-01 '],
    ['May 1 '],
    ['a1'],
    ['a@'],
    ['https://'],
    ['"/'],
    ['<n>'],
    ['[a:'],
    ['FATAL ERROR: '],
    ['SUMMARY: ASanitizer: '],
    [' called at a line 1'],
  ])('takes no long time for 40 lines of %j', { timeout: 60_000 }, (part) => {
    const line = part.repeat(LENGTH / part.length);
    const starts = [
      '',
      '    at ',
      'a.rb:1:in `',
      'PHP Fatal error:  Uncaught A',
      "thread 'a' panicked at '",
      '  File "',
      'tool: a.c:1: ',
      'a.b.C: ',
      '# C  [',
    ];
    const startedMs = performance.now();
    for (const start of starts) {
      crashFingerprint({ ...crash(''), stderrTail: Array<string>(40).fill(start + line) });
    }
    expect((performance.now() - startedMs) / starts.length).toBeLessThan(1000);
  });
});
