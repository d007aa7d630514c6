import { systemdWord } from '../words';
import { MARK, serviceArgv, type ServiceManagerKind, type ServiceRequest } from './definition';

export const UNIT = 'healdeck.service';

/** How long systemd waits for a sign of life; the engine asks for more where its ticks are further apart. */
const WATCHDOG_SECONDS = 60;

/**
 * What root's programs hardly ever do, and what takes over a machine. Everything else that systemd.exec(5) offers is inherited by each
 * watched program and would keep some of them from working; docs/service.md names each and why it is left out.
 */
const DROPPED_CAPABILITIES = 'CAP_SYS_MODULE CAP_SYS_RAWIO CAP_MAC_ADMIN CAP_MAC_OVERRIDE';

export const systemd: ServiceManagerKind = {
  name: 'systemd',
  title: 'systemd',
  byHand: false,
  scopes: ['user', 'system'],
  // As sd_booted(3) finds it out.
  isRunning: ({ platform, exists }) => platform === 'linux' && exists('/run/systemd/system'),
  plan(request) {
    const isUser = request.scope === 'user';
    const dir = isUser ? `${request.places.config()}/systemd/user` : '/etc/systemd/system';
    const systemctl = (...words: string[]): string[] => ['systemctl', ...(isUser ? ['--user'] : []), ...words];
    return {
      file: `${dir}/${UNIT}`,
      text: unitText(request),
      mode: 0o644,
      enable: [systemctl('daemon-reload'), systemctl('enable', UNIT), systemctl('start', UNIT)],
      restart: systemctl('restart', UNIT),
      disable: [systemctl('disable', '--now', UNIT)],
      afterRemoval: [systemctl('daemon-reload')],
    };
  },
};

function unitText(request: ServiceRequest): string {
  const isUser = request.scope === 'user';
  const [program = '', ...rest] = serviceArgv(request);
  return `# ${MARK}
# To change it: systemctl ${isUser ? '--user ' : ''}edit ${UNIT}

[Unit]
Description=Healdeck process watchdog
Documentation=man:healdeck(1)
${isUser ? '' : 'After=network.target\n'}# However often it ends, it is started again.
StartLimitIntervalSec=0

[Service]
Type=notify
${request.sendsItself ? 'NotifyAccess=main' : '# Notices are sent by systemd-notify, which is a child of the engine.\nNotifyAccess=all'}
ExecStart=${[systemdWord(program, 'program'), ...rest.map((word) => systemdWord(word, 'argument'))].join(' ')}
Restart=always
RestartSec=1
WatchdogSec=${WATCHDOG_SECONDS}
TimeoutStartSec=120
TimeoutStopSec=60
# The programs go on running when the engine stops, and the next engine adopts them.
KillMode=process
# One program that runs out of memory is for Healdeck to heal, and ends nothing else.
OOMPolicy=continue
# The engine makes control groups of its own below that of this unit.
Delegate=yes
# All watched programs count here.
TasksMax=infinity
${isUser ? '' : `OOMScoreAdjust=-500\nCapabilityBoundingSet=~${DROPPED_CAPABILITIES}\nKeyringMode=private\n`}
[Install]
WantedBy=${isUser ? 'default.target' : 'multi-user.target'}
`;
}
