/** Commands of other supervisors, and what does the same here. */
const COMMANDS: Readonly<Record<string, string>> = {
  del: 'rm NAME',
  delete: 'rm NAME',
  remove: 'rm NAME',
  unmonitor: 'rm NAME',
  monitor: 'add NAME --match name PROGRAM',
  reload: 'restart NAME',
  describe: 'status NAME',
  desc: 'status NAME',
  info: 'status NAME',
  show: 'status NAME',
  summary: 'status',
  jlist: 'status --json',
  monit: 'top',
  dash: 'top',
  dashboard: 'open',
  tail: 'logs NAME --follow',
  journal: 'events',
  reread: 'edit NAME',
  update: 'edit NAME',
  up: 'start --all',
  down: 'stop --all',
  reset: 'reset-cooldown NAME',
  env: 'edit NAME --env K=V',
  set: 'settings set KEY VALUE',
  get: 'settings get KEY',
  config: 'settings',
};

/** What somebody who is used to another supervisor has to write; null: the word is not known from there either. */
export function forForeignWord(word: string): string | null {
  return Object.hasOwn(COMMANDS, word) ? `healdeck ${COMMANDS[word]}` : null;
}
