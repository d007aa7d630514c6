import type { QuietScenario } from '../drill/scenario';

/** What a scenario of a test requires of its program, where the program does not matter. */
export const ANY_PROGRAM: Pick<QuietScenario, 'name' | 'shows' | 'program' | 'restart' | 'overrides'> = {
  name: 'x',
  shows: '',
  program: { runtime: 'node', file: 'x.mjs', args: [] },
  restart: 'always',
  overrides: {},
};
