import { describe, expect, it } from 'vitest';
import { linesOf } from '../testing/lines';
import { cpp } from './cpp';
import { libc } from './libc';

describe('uncaught exceptions of C++', () => {
  it.each([
    [
      "terminate called after throwing an instance of 'std::runtime_error'\n  what():  boom 3",
      'std::runtime_error',
      'boom 3',
    ],
    ["50 %terminate called after throwing an instance of 'int'", 'int', ''],
    ['libc++abi: terminating due to uncaught exception of type shop::Full: boom 3', 'shop::Full', 'boom 3'],
    ['libc++abi: terminating with uncaught exception of type shop::Full', 'shop::Full', ''],
    ['terminate called without an active exception', 'terminate called without an active exception', ''],
    ["terminate called after throwing an instance of 'A'\nterminate called recursively", 'A', ''],
  ])('%j', (text, type, message) => expect(cpp.find(linesOf(text))).toMatchObject({ type, message, isFatal: true }));

  it('and sanitizers name the function', () => {
    const trace = cpp.find(
      linesOf(`
==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x60b0000000f4 at pc 0x55d sp 0x7ff
READ of size 4 at 0x60b0000000f4 thread T0
    #0 0x7f30972b76a8 in __interceptor_memcpy ../../../../src/libsanitizer/x.inc:827
    #1 0x55d3a2b in shop::Cart::total(int) const /srv/app/cart.cpp:17:3
    #2 0x7f30 in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x2718a)

SUMMARY: AddressSanitizer: heap-use-after-free /srv/app/cart.cpp:17:3 in shop::Cart::total(int) const
==12==ABORTING`),
    );
    expect(trace).toMatchObject({ type: 'AddressSanitizer: heap-use-after-free', lastLine: 7 });
    expect(trace?.frames.map(({ function: name, origin }) => [name, origin])).toEqual([
      ['__interceptor_memcpy', 'runtime'],
      ['shop::Cart::total', 'own'],
      ['__libc_start_main', 'runtime'],
    ]);
  });

  it('have the place of the summary when the stack was cut away', () => {
    const line = 'SUMMARY: AddressSanitizer: SEGV /srv/app/cart.cpp:17:3 in total(int)';
    expect(cpp.find([line])?.frames).toEqual([{ function: 'total', file: '/srv/app/cart.cpp', origin: 'own' }]);
  });
});

describe('the C library', () => {
  it.each([
    ['free(): invalid pointer', 'free(): invalid pointer'],
    ['done 17 %double free or corruption (!prev)', 'double free or corruption (!prev)'],
    ["*** Error in `./tool': double free or corruption (out): 0x01b3c010 ***", 'double free or corruption (out)'],
    ['*** stack smashing detected ***: terminated', 'stack smashing detected'],
    ['*** stack smashing detected ***: ./tool terminated', 'stack smashing detected'],
    ['malloc(): corrupted top size', 'malloc(): corrupted top size'],
    ['corrupted size vs. prev_size', 'corrupted size vs. prev_size'],
    ['munmap_chunk(): invalid pointer', 'munmap_chunk(): invalid pointer'],
  ])('reports damage: %j', (line, type) => expect(libc.find([line])).toMatchObject({ type, isFatal: true }));

  it.each([
    ["tool: src/queue.c:17: take: Assertion `count <= limit' failed."],
    ["tool: /build/src/queue.c:31: int shop::take(int): Assertion `count <= limit' failed."],
    ['Assertion failed: count <= limit (src/queue.c: take: 17)'],
    ['Assertion failed: (count <= limit), function take, file queue.c, line 17.'],
  ])('reports an assertion: %j', (line) => {
    const trace = libc.find([line]);
    expect(trace).toMatchObject({ type: 'Assertion failed', message: 'count <= limit' });
    expect(trace?.site).toMatch(/^(shop::)?take queue\.c$/);
  });
});
