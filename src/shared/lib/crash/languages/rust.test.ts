import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { rust } from './rust';

describe('panics of Rust', () => {
  it.each([
    ["thread 'main' panicked at 'queue 3 is full', src/queue.rs:4:5"],
    ["thread 'main' panicked at src/queue.rs:4:5:\nqueue 3 is full"],
    ["thread 'worker-2' (4711) panicked at src/queue.rs:9:1:\nqueue 3 is full\nnote: run with `RUST_BACKTRACE=1`"],
    [
      "\nthread 'main' panicked at src/queue.rs:4:5:\nqueue 3 is full\nstack backtrace:\n   0: shop::push\n             at ./src/queue.rs:4:5",
    ],
  ])('are the same in every form: %j', (text) => {
    expect(rust.find(linesOf(text))).toMatchObject({
      message: 'queue 3 is full',
      site: 'src/queue.rs',
      identifiedBy: 'message',
    });
  });

  it('show the functions of a backtrace', () => {
    const trace = rust.find(
      linesOf(`
thread 'main' panicked at src/pool/mod.rs:4:5:
boom
stack backtrace:
   0:     0x55a7a1b2c3d5 - rust_begin_unwind
                               at /rustc/90c541806f23/library/std/src/panicking.rs:578:5
   1:     0x55a7a1b2c3d7 - shop::pool::take::{{closure}}::h5a1b2c3d4e5f6071
                               at ./src/pool/mod.rs:4:5
note: Some details are omitted`),
    );
    expect(trace).toMatchObject({ site: 'pool mod.rs', lastLine: 7 });
    expect(trace?.frames.map(({ function: name, origin }) => [name, origin])).toEqual([
      ['rust_begin_unwind', 'runtime'],
      ['shop::pool::take::{closure}', 'own'],
    ]);
  });

  it('are the first ones, not those of threads that waited for it', () => {
    const trace = rust.find(
      linesOf(`
thread 'worker' panicked at src/a.rs:1:1:
boom
thread 'main' panicked at src/b.rs:2:2:
called \`Result::unwrap()\` on an \`Err\` value: Any { .. }`),
    );
    expect(trace).toMatchObject({ message: 'boom', site: 'src/a.rs', lastLine: 2 });
  });

  it('may be aborts of the runtime, or reports', () => {
    expect(
      rust.find(["thread 'main' (12) has overflowed its stack", 'fatal runtime error: stack overflow, aborting']),
    ).toMatchObject({ type: 'stack overflow', isFatal: true });
    expect(
      rust.find(linesOf('Error: no settings\n\nCaused by:\n    0: read x\n    1: denied (os error 13)')),
    ).toMatchObject({
      type: 'no settings',
      message: 'denied (os error 13)',
    });
  });
});
