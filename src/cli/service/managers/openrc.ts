import { MARK, serviceArgv, type ServiceManagerKind } from './definition';
import { shellWord } from '../words';

/** A service of OpenRC under its own supervisor, which starts it again (openrc-run(8), supervise-daemon(8)). */
export const openrc: ServiceManagerKind = {
  name: 'openrc',
  title: 'OpenRC',
  byHand: true,
  scopes: ['system'],
  isRunning: ({ platform, exists }) => platform === 'linux' && exists('/run/openrc'),
  plan(request) {
    const [program = '', ...rest] = serviceArgv(request);
    return {
      file: '/etc/init.d/healdeck',
      text: `#!/sbin/openrc-run
# ${MARK}

description="Healdeck process watchdog"
supervisor=supervise-daemon
command=${shellWord(program)}
command_args=${shellWord(rest.map(shellWord).join(' '))}
respawn_delay=1
respawn_max=0
# The programs go on running when the engine stops: only the engine gets the signal.
retry="TERM/60"
rc_cgroup_cleanup=no

depend() {
\tneed localmount
\tafter bootmisc net
}
`,
      mode: 0o755,
      enable: [
        ['rc-update', 'add', 'healdeck', 'default'],
        ['rc-service', 'healdeck', 'start'],
      ],
      restart: ['rc-service', 'healdeck', 'restart'],
      disable: [
        ['rc-service', 'healdeck', 'stop'],
        ['rc-update', 'delete', 'healdeck'],
      ],
      afterRemoval: [],
    };
  },
};
