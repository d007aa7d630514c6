import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { python } from './python';

const functions = (text: string) => python.find(linesOf(text))?.frames.map((frame) => frame.function);

describe('tracebacks of Python', () => {
  it('have the innermost frame last', () => {
    const trace = python.find(
      linesOf(`
Traceback (most recent call last):
  File "/srv/app/worker.py", line 12, in <module>
    main()
    ~~~~^^
  File "/srv/app/worker.py", line 8, in main
    return json.loads(text)
  File "/usr/lib/python3.13/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
           ~~~~~~~~~~~~~~~~~~~~~~~^^^
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
`),
    );
    expect(trace).toMatchObject({
      type: 'json.decoder.JSONDecodeError',
      message: 'Expecting value: line 1 column 1 (char 0)',
      lastLine: 9,
      isFatal: false,
    });
    expect(trace?.frames.map(({ function: name, origin }) => [name, origin])).toEqual([
      ['loads', 'runtime'],
      ['main', 'own'],
      ['', 'own'],
    ]);
  });

  it('are known by their last frames when the beginning was cut away', () => {
    expect(functions('    x = f()\n  File "a.py", line 3, in f\n    g()\nKeyError: 3')).toEqual(['f']);
  });

  it('have the root of an explicit chain', () => {
    const chain = (link: string) => `
  File "a.py", line 3, in root
    x()
KeyError: 3

${link}

Traceback (most recent call last):
  File "a.py", line 9, in outer
    x()
ServiceDown: shard 3`;
    const direct = 'The above exception was the direct cause of the following exception:';
    expect(python.find(linesOf(chain(direct)))).toMatchObject({ type: 'KeyError', lastLine: 9 });
    const during = 'During handling of the above exception, another exception occurred:';
    expect(python.find(linesOf(chain(during)))).toMatchObject({ type: 'ServiceDown' });
  });

  it('of two threads that write at once are one when they are the same', () => {
    const text = `
Traceback (most recent call last):
Traceback (most recent call last):
  File "a.py", line 3, in f
  File "a.py", line 3, in f
    g()
    g()
ValueError: 3
ValueError: 4`;
    expect(python.find(linesOf(text))).toMatchObject({ type: 'ValueError', message: '3' });
    expect(new Set(functions(text))).toEqual(new Set(['f']));
  });

  it('let lines of other threads stand between', () => {
    const trace = python.find(
      linesOf(`
Traceback (most recent call last):
  File "a.py", line 3, in f
    g()
INFO: heartbeat
  File "a.py", line 8, in g
    h()
2026-05-01 heartbeat
KeyError: 3`),
    );
    expect(trace).toMatchObject({ type: 'KeyError', frames: [{ function: 'g' }, { function: 'f' }] });
  });

  it('count without those that were ignored at the end', () => {
    const trace = python.find(
      linesOf(`
Traceback (most recent call last):
  File "a.py", line 3, in f
    g()
KeyError: 3
Exception ignored in: <function Pool.__del__ at 0x7f0c1d2e3f40>
Traceback (most recent call last):
  File "a.py", line 30, in __del__
    close()
RuntimeError: closed twice`),
    );
    expect(trace).toMatchObject({ type: 'KeyError' });
  });

  it('may stand in a group', () => {
    const trace = python.find(
      linesOf(`
  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 9, in main
  |     async with TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "a.py", line 5, in fetch
    |     raise ConnectionResetError(peer)
    | ConnectionResetError: peer 17
    +------------------------------------`),
    );
    expect(trace).toMatchObject({ type: 'ConnectionResetError', message: 'peer 17', frames: [{ function: 'fetch' }] });
  });

  it('of syntax errors name the file', () => {
    const trace = python.find(
      linesOf('  File "/srv/app/settings.py", line 3\n    PORT = (\n           ^\nSyntaxError: \'(\' was never closed'),
    );
    expect(trace).toMatchObject({ type: 'SyntaxError', frames: [{ function: '', file: '/srv/app/settings.py' }] });
  });

  it('of faulthandler are the last words', () => {
    const trace = python.find(
      linesOf(`
Fatal Python error: Segmentation fault

Thread 0x00007f1c2c0c8640 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 324 in wait

Current thread 0x00007f1c2d0c9740 (most recent call first):
  File "/srv/app/image.py", line 17 in scale
  File "/srv/app/worker.py", line 88 in <module>

Extension modules: numpy.core._multiarray_umath (total: 1)`),
    );
    expect(trace).toMatchObject({ type: 'Fatal Python error: Segmentation fault', isFatal: true });
    expect(trace?.frames[0]).toMatchObject({ function: 'scale', file: '/srv/app/image.py' });
  });

  it.each([['nothing of the kind'], ['File "x", line 3'], ['Traceback (most recent call last):'], ['']])(
    'are not seen in %j, or without a type',
    (text) => expect(python.find([text])?.type ?? '').toBe(''),
  );
});
