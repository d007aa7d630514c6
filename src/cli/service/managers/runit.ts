import { MARK, serviceArgv, type ServiceManagerKind } from './definition';
import { shellWord } from '../words';

/** A service directory of runit (runsv(8)): it starts what has ended again, a second later at the soonest. */
export const runit: ServiceManagerKind = {
  name: 'runit',
  title: 'runit',
  byHand: true,
  scopes: ['system'],
  // Debian has runit beside another first process, too.
  isRunning: ({ platform, init, exists }) => platform === 'linux' && (init === 'runit' || exists('/run/runit')),
  plan(request) {
    return {
      file: '/etc/sv/healdeck/run',
      text: `#!/bin/sh
# ${MARK}
exec 2>&1
# runsv ends the engine only, and the programs go on running.
exec ${serviceArgv(request).map(shellWord).join(' ')}
`,
      mode: 0o755,
      enable: [['ln', '-s', '/etc/sv/healdeck', '/etc/service/healdeck']],
      restart: ['sv', 'restart', 'healdeck'],
      disable: [
        ['sv', 'stop', 'healdeck'],
        ['rm', '/etc/service/healdeck'],
      ],
      afterRemoval: [],
    };
  },
};
