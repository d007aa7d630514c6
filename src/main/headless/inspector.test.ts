import { expect, it } from 'vitest';
import { inspectorProblem } from './inspector';

const closed = { url: undefined, execArgv: [], nodeOptions: undefined };
const open = { ...closed, url: 'ws://127.0.0.1:9229/1' };

it('an inspector that nobody asked for ends the engine', () => {
  expect(inspectorProblem(closed)).toBeNull();
  expect(inspectorProblem(open)).toContain('SIGUSR1');
  expect(inspectorProblem({ ...open, execArgv: ['--inspect-port=0'] })).toContain('SIGUSR1');
});

it("an inspector that was asked for is the operator's own", () => {
  for (const option of ['--inspect', '--inspect=0', '--inspect-brk', '--inspect-wait=127.0.0.1:1']) {
    expect(inspectorProblem({ ...open, execArgv: [option] })).toBeNull();
    expect(inspectorProblem({ ...open, nodeOptions: `--no-warnings ${option}` })).toBeNull();
  }
});
