import { describe, expect, it } from 'vitest';
import { exitOfStatus, signalName } from './wait-status';

describe('the status of an ended process', () => {
  it.each([
    [0x0000, { exitCode: 0, signal: null }],
    [0x0700, { exitCode: 7, signal: null }],
    [0xff00, { exitCode: 255, signal: null }],
    [9, { exitCode: null, signal: 'SIGKILL' }],
    [11 | 0x80, { exitCode: null, signal: 'SIGSEGV' }],
    [37, { exitCode: null, signal: 'SIGRTMIN+3' }],
    // Stopped by SIGSTOP, and continued: no end.
    [0x137f, null],
    [0xffff, null],
  ])('%i is read as wait(2) encodes it', (status, exit) => {
    expect(exitOfStatus(status)).toEqual(exit);
  });
});

describe('the name of a signal', () => {
  it.each([
    [6, 'SIGABRT'],
    [29, 'SIGIO'],
    [31, 'SIGSYS'],
    [32, 'SIG32'],
    [34, 'SIGRTMIN'],
    [35, 'SIGRTMIN+1'],
    [64, 'SIGRTMIN+30'],
    [65, 'SIG65'],
  ])('%i is %s', (signal, name) => {
    expect(signalName(signal)).toBe(name);
  });
});
