import { describe, expect, it } from 'vitest';
import { parseKernelStack, parseSystemCall, parseWaitChannel } from './thread-facts';

describe('what a thread is doing', () => {
  it.each([
    ['futex_do_wait', 'futex_do_wait'],
    ['0', null],
    ['', null],
  ])('a wait channel %j is %j', (text, name) => expect(parseWaitChannel(text)).toBe(name));

  it.each([
    ['202 0x220fe9b0 0x189 0x0 0x0 0x0 0xffffffff 0x7fb2a2f3bc70 0x7fb2a37c3f16\n', 202],
    ['0 0x3 0x7ffe 0x400 0x0 0x0 0x0 0x7ffe 0x7f00\n', 0],
    ['-1 0x7ffd 0x7f00\n', null],
    ['running\n', null],
    ['', null],
  ])('a system call of %j is %j', (text, number) => expect(parseSystemCall(text)).toBe(number));

  it('a kernel stack is its functions, the innermost first', () => {
    expect(parseKernelStack('[<0>] futex_do_wait+0x46/0x90\n[<ffffffff81>] do_epoll_pwait.part.0+0xe/0x80\n')).toEqual([
      'futex_do_wait',
      'do_epoll_pwait.part.0',
    ]);
    expect(parseKernelStack('')).toEqual([]);
  });

  it('a kernel stack of hundreds of frames is cut', () => {
    const stack = Array.from({ length: 300 }, (_, at) => `[<0>] f${at}+0x1/0x2`).join('\n');
    expect(parseKernelStack(stack)).toHaveLength(16);
  });
});
