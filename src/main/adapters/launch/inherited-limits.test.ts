import { describe, expect, it } from 'vitest';
import { operatorsOpenFiles, type LimitSources } from './inherited-limits';

interface Ancestor {
  program: string;
  soft: number;
  hard?: number;
}

/** A chain of ancestors, nearest first, with pids from 100 on; the last one's parent is pid 1. */
function chain(ancestors: readonly Ancestor[], unit: number | null = null): LimitSources {
  const at = (pid: number): Ancestor | undefined => ancestors[pid - 100];
  return {
    limitOf: (pid) => (pid === 'self' ? { soft: 4096, hard: 4096 } : limitOf(at(pid))),
    parentOf: (pid) => (at(pid + 1) === undefined ? 1 : pid + 1),
    programOf: (pid) => at(pid)?.program ?? null,
    unitSoftLimit: () => unit,
  };
}

const limitOf = (ancestor: Ancestor | undefined) =>
  ancestor === undefined ? null : { soft: ancestor.soft, hard: ancestor.hard ?? 4096 };
const shell = { program: 'bash', soft: 1024 };

describe('the limit of open files that the operator gave', () => {
  it('is that of the shell that started the engine', () => {
    expect(operatorsOpenFiles(100, chain([shell]))).toBe(1024);
  });

  it('is found behind npm and the shell of its script, which have the raised one', () => {
    const npm = [{ program: 'dash', soft: 4096 }, { program: 'node', soft: 4096 }, shell];
    expect(operatorsOpenFiles(100, chain(npm))).toBe(1024);
  });

  it('is the raised one when the operator raised it', () => {
    const raised = [
      { program: 'bash', soft: 4096 },
      { program: 'tmux', soft: 1024 },
    ];
    expect(operatorsOpenFiles(100, chain(raised))).toBeNull();
  });

  it('is not guessed over a change of the hard limit', () => {
    expect(operatorsOpenFiles(100, chain([{ ...shell, hard: 9999 }]))).toBeNull();
  });

  it('is that of the unit under systemd', () => {
    expect(operatorsOpenFiles(1, chain([], 1024))).toBe(1024);
    expect(operatorsOpenFiles(1, chain([], 4096))).toBeNull();
    expect(operatorsOpenFiles(1, chain([], null))).toBeNull();
    expect(operatorsOpenFiles(100, chain([{ program: 'node', soft: 4096 }], 1024))).toBe(1024);
  });

  it('is nothing to restore when nobody raised it', () => {
    const unraised: LimitSources = { ...chain([shell]), limitOf: () => ({ soft: 1024, hard: 4096 }) };
    expect(operatorsOpenFiles(100, unraised)).toBeNull();
  });
});
