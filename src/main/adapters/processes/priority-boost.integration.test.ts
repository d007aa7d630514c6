import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createPriorityBoost } from './priority-boost';

describe('urgency', () => {
  it('goes first where it may, children do not, and it ends with the last emergency', () => {
    const { boost, resetPriority } = createPriorityBoost();
    const before = getPriority();
    const relax = [boost(), boost()];
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      resetPriority(child.pid ?? 0);
      expect(getPriority(child.pid ?? 0)).toBe(before);
      relax[0]?.();
      relax[0]?.();
      if (process.getuid?.() === 0) expect(getPriority()).toBeLessThan(before);
    } finally {
      relax[1]?.();
      child.kill('SIGKILL');
    }
    expect(getPriority()).toBe(before);
  });
});
