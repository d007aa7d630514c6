import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasEnded, isKernelThread, parsePrivatePages, parseStat, StatField, StatLine } from './parse-stat';
import { processState } from './process-state';

/** Fields 3 to 52 of a node process; the numbers of the parsed ones are all different. */
const REST =
  'S 4242 4243 -1 0 -1 4194304 1200 0 3 0 151 27 5 6 20 0 11 0 987654 1073741824 12345 18446744073709551615 ' +
  '1 1 0 0 0 0 0 16781312 134235650 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';

function parse(bytes: Uint8Array): { line: StatLine; name: Buffer } | null {
  const line = new StatLine();
  if (!parseStat(bytes, bytes.length, line)) return null;
  return { line, name: Buffer.from(bytes.subarray(line.nameStart, line.nameEnd)) };
}

function statOf(name: Uint8Array, rest = REST): Buffer {
  return Buffer.concat([Buffer.from('4711 ('), name, Buffer.from(`) ${rest}`)]);
}

function expectFields(line: StatLine): void {
  const fields = line.fields;
  expect({
    state: String.fromCharCode(line.state),
    ppid: fields[StatField.ppid],
    pgid: fields[StatField.pgid],
    session: fields[StatField.session],
    flags: fields[StatField.flags],
    user: fields[StatField.userTicks],
    system: fields[StatField.systemTicks],
    threads: fields[StatField.threads],
    startTime: fields[StatField.startTime],
    rss: fields[StatField.rssPages],
  }).toEqual({
    state: 'S',
    ppid: 4242,
    pgid: 4243,
    session: -1,
    flags: 4194304,
    user: 151,
    system: 27,
    threads: 11,
    startTime: 987654,
    rss: 12345,
  });
}

describe('a line of /proc/<pid>/stat', () => {
  it.each([
    ['a plain name', 'node'],
    ['spaces', 'tmux: server'],
    ['a closing parenthesis', 'a) R 1 1 1'],
    ['nested parentheses', '((sd-pam))'],
    ['a newline', 'two\nlines'],
    ['what looks like the rest of the line', `x) ${REST.slice(0, 40)}`],
    ['nothing', ''],
    ['only a parenthesis', ')'],
    ['control characters', '\u001b[31m\t\u0007'],
    ['letters beyond ASCII', 'Überwächter'],
  ])('is read right when the name has %s', (_, name) => {
    const parsed = parse(statOf(Buffer.from(name)));
    expect(parsed?.name.toString()).toBe(name);
    expectFields(parsed!.line);
  });

  it('is read right for a name of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (name) => {
        const parsed = parse(statOf(name));
        expect(parsed?.name.equals(name)).toBe(true);
        expectFields(parsed!.line);
      }),
    );
  });

  it('is refused when cut off anywhere before the last needed field', () => {
    const whole = statOf(Buffer.from('node'));
    const needed = whole.indexOf(' 12345 ') + ' 12345 '.length;
    for (let length = 0; length < needed; length++) expect(parse(whole.subarray(0, length))).toBeNull();
    expect(parse(whole.subarray(0, needed))).not.toBeNull();
  });

  it('is refused, and never throws, for any bytes that are no such line', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => parse(bytes) === null));
  });

  it('ends at the given length, whatever the buffer still holds', () => {
    const bytes = Buffer.concat([statOf(Buffer.from('node')), Buffer.from(') Z 1 1 1')]);
    const line = new StatLine();
    expect(parseStat(bytes, bytes.length - ') Z 1 1 1'.length, line)).toBe(true);
    expectFields(line);
  });

  it('tells kernel threads by their flag', () => {
    const kernel = parse(statOf(Buffer.from('kworker/0:1-events'), REST.replace('4194304', '69238880')));
    expect(isKernelThread(kernel!.line)).toBe(true);
    expect(isKernelThread(parse(statOf(Buffer.from('node')))!.line)).toBe(false);
  });

  it('takes a zombie for ended only when no thread lives on', () => {
    const alone = parse(statOf(Buffer.from('gone'), REST.replace('S', 'Z').replace(' 11 ', ' 1 ')))!.line;
    expect([hasEnded(alone), processState(alone)]).toEqual([true, 'zombie']);
    const leaderOnly = parse(statOf(Buffer.from('going'), REST.replace('S', 'Z')))!.line;
    expect([hasEnded(leaderOnly), processState(leaderOnly)]).toEqual([false, 'unknown']);
  });

  it.each([
    ['R', 'running', false],
    ['D', 'disk_sleep', false],
    ['T', 'stopped', false],
    ['t', 'traced', false],
    ['I', 'idle', false],
    ['X', 'dead', true],
    ['?', 'unknown', false],
  ])('spells the state %s as %s', (letter, state, ended) => {
    const { line } = parse(statOf(Buffer.from('x'), REST.replace('S', letter)))!;
    expect([processState(line), hasEnded(line)]).toEqual([state, ended]);
  });
});

describe('a line of statm', () => {
  it.each([
    ['1000 300 120 5 0 200 0\n', 180],
    ['1000 300 310 5 0 200 0\n', 0],
    ['0 0 0 0 0 0 0\n', 0],
    ['', null],
    ['1000 300 120', null],
    ['1000 x 120 5', null],
  ])('%j has %s private pages', (text, pages) => {
    expect(parsePrivatePages(Buffer.from(text), text.length)).toBe(pages);
  });
});
