import type { AlertsStatus } from '../../shared/model/alert';
import type { Distress, EndNoticesStatus, ServiceNoticesStatus } from '../../shared/model/snapshot';
import { distressNamed } from '../../shared/distress';
import { assertNever } from '../../shared/lib/assert-never';
import { rootFinding } from '../../shared/lib/host/run-as-root';
import { plural } from '../../shared/lib/format/values';
import type { AtBoot } from '../service/at-boot';
import { hasDisplay, type ElectronRuntime } from '../run/choose-shell';

/** What was found on the machine. */
export interface DoctorFacts {
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  nodeVersion: string;
  electron: ElectronRuntime;
  /** The user's D-Bus, over which a Linux keyring is reached. */
  sessionBus: 'reachable' | 'missing';
  /** null elsewhere than on Linux. */
  proc: { readable: boolean; hidepid: string | null; seesInit: boolean } | null;
  /** Ended processes that the first process has not reaped for a while, and whether that is the engine. null elsewhere than on Linux. */
  init: { isEngine: boolean; unreaped: number } | null;
  /** Control groups (cgroups(7)): `version` 0 where there are none. null elsewhere than on Linux. */
  cgroups: { version: 0 | 1 | 2; writable: boolean } | null;
  dataDir: {
    path: string;
    state: 'missing' | 'directory' | 'other';
    /** The directory, or the nearest one above it that exists. */
    writable: boolean;
    mode: number | null;
    ownedByUs: boolean;
    /** What another user could exchange, and what to do; null when nothing. */
    unsafe: string | null;
  };
  engine:
    | {
        state: 'running';
        pid: number;
        version: string;
        shell: string;
        unwrittenEvents: number;
        /** null where an engine of an earlier version does not report it. */
        distress: readonly Distress[] | null;
        inspector: string | null;
        /** null where an engine of an earlier version does not report it. */
        endNotices: EndNoticesStatus | null;
        /** null where an engine of an earlier version does not report it. */
        serviceNotices: ServiceNoticesStatus | null;
      }
    /** It has the lock, and its socket is gone. */
    | { state: 'unreachable'; pid: number }
    | { state: 'none' }
    | { state: 'trouble'; problem: string };
  /** Watches whose programs the engine starts as root; null when it is not root's, or could not be asked. */
  programsOfRoot: readonly string[] | null;
  atBoot: AtBoot;
  /** Whether this command, and an engine that is started like it, runs as root. */
  isRoot: boolean;
  /** null when no engine could be asked. */
  alerts: Pick<AlertsStatus, 'channels' | 'failed' | 'warnings'> | null;
  /** Soft limit of open files; null where it is not known. */
  descriptorLimit: number | null;
}

/** One thing that was looked at. `fail`: Healdeck can't work so; `warn`: something is missing that it can do without. */
export interface Check {
  name: string;
  result: 'ok' | 'warn' | 'fail';
  finding: string;
  /** What to do about it, or null. */
  advice: string | null;
}

/** Every process costs one descriptor while it is watched closely, and each watch a few for its output. */
const COMFORTABLE_DESCRIPTORS = 4096;

/** What the findings mean. */
export function judge(facts: DoctorFacts): readonly Check[] {
  const checks = [
    node(facts),
    display(facts),
    electron(facts),
    keyring(facts),
    proc(facts),
    dataDir(facts),
    engine(facts),
    startsAtBoot(facts),
    lock(facts),
    socket(facts),
    inspector(facts),
    root(facts),
    privileges(facts),
    ...alerts(facts),
    ...machine(facts),
    init(facts),
    cgroups(facts),
    ends(facts),
    readiness(facts),
    descriptors(facts),
  ];
  return checks.filter((check) => check !== null);
}

const ok = (name: string, finding: string): Check => ({ name, result: 'ok', finding, advice: null });
const warn = (name: string, finding: string, advice: string): Check => ({ name, result: 'warn', finding, advice });
const fail = (name: string, finding: string, advice: string): Check => ({ name, result: 'fail', finding, advice });

function node({ nodeVersion }: DoctorFacts): Check {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return enough
    ? ok('node', `Node ${nodeVersion}`)
    : fail('node', `Node ${nodeVersion} is too old`, 'install Node 20.19 or newer');
}

function display({ platform, env }: DoctorFacts): Check {
  if (!hasDisplay(platform, env)) {
    return warn(
      'display',
      'no display: DISPLAY and WAYLAND_DISPLAY are not set',
      'no action needed on a server: healdeck run serves the dashboard to a browser; for a window, run it in a desktop session',
    );
  }
  return ok('display', env['WAYLAND_DISPLAY'] ?? env['DISPLAY'] ?? 'the desktop of this session');
}

function electron({ electron: runtime }: DoctorFacts): Check {
  if (runtime.found) return ok('electron', runtime.executable);
  return warn(
    'electron',
    `no runtime: ${runtime.problem}`,
    'needed for the window only: healdeck run fetches it where GitHub can be reached; else set ELECTRON_OVERRIDE_DIST_PATH to an unpacked one',
  );
}

function keyring({ platform, sessionBus }: DoctorFacts): Check {
  if (platform === 'darwin') return ok('keyring', 'the macOS keychain');
  if (platform === 'win32') return ok('keyring', 'the Windows data protection API');
  return sessionBus === 'reachable'
    ? ok('keyring', 'the session bus is reachable; a secret service such as GNOME Keyring or KWallet is used over it')
    : warn(
        'keyring',
        'no session bus, so no secret service can be reached: secrets are kept in a file that only this user can read',
        'no action needed on a server; to encrypt them, run Healdeck in a desktop session with GNOME Keyring or KWallet, or under dbus-run-session',
      );
}

function proc({ proc: facts }: DoctorFacts): Check | null {
  if (facts === null) return null;
  if (!facts.readable) return fail('/proc', "/proc can't be read", 'mount it: mount -t proc proc /proc');
  const hidden = facts.hidepid !== null && !['0', 'off'].includes(facts.hidepid);
  if (hidden && !facts.seesInit) {
    return warn(
      '/proc',
      `hidepid=${facts.hidepid} hides the processes of other users`,
      "run Healdeck as root or in the group of the mount option gid=, or watch this user's processes only",
    );
  }
  return ok('/proc', 'all processes can be read');
}

/** Orphans go to the first process of the pid namespace, which has to wait for them (pid_namespaces(7)); Node only waits for its own children. */
function init({ init: facts }: DoctorFacts): Check | null {
  if (facts === null || (!facts.isEngine && facts.unreaped === 0)) return null;
  const who = facts.isEngine ? 'Healdeck is the first process here, and it' : 'the first process (pid 1)';
  return warn(
    'init',
    `${who} does not reap orphans: ended programs remain zombies${facts.unreaped > 0 ? ` (${facts.unreaped} now)` : ''}`,
    'start the container with an init that reaps: docker run --init, or tini as the entry point',
  );
}

function dataDir({ dataDir: { path, state, writable, mode, ownedByUs, unsafe } }: DoctorFacts): Check {
  const name = 'data directory';
  if (state === 'other')
    return fail(name, `${path} is not a directory`, 'move it away, or choose another place with --data-dir');
  if (!writable)
    return fail(name, `${path} can't be written to`, 'change its owner, or choose another place with --data-dir');
  if (unsafe !== null) return fail(name, `${path} is not safe: another user could replace it`, unsafe);
  if (state === 'missing') return ok(name, `${path} will be created by the first run`);
  if (!ownedByUs) return warn(name, `${path} belongs to another user`, 'run Healdeck as its owner');
  if (mode !== null && (mode & 0o077) !== 0 && path !== '') {
    return warn(name, `${path} has mode ${mode.toString(8)}: other users can read it`, `chmod 700 ${path}`);
  }
  return ok(name, path);
}

/** What keeps a second engine off. Without an engine there is nothing to lock. */
function lock({ engine: facts }: DoctorFacts): Check | null {
  if (facts.state === 'none' || facts.state === 'trouble') return null;
  return ok('lock', `engine.lock is held by pid ${facts.pid}`);
}

function socket({ engine: facts }: DoctorFacts): Check | null {
  if (facts.state === 'none' || facts.state === 'trouble') return null;
  if (facts.state === 'running') return ok('socket', 'engine.sock answers');
  return fail(
    'socket',
    `an engine is running (pid ${facts.pid}), but engine.sock is missing`,
    'the engine creates it again within seconds; if it stays missing, restart the engine',
  );
}

/** SIGUSR1 is always ignored; what is left is an operator who asks for the inspector. */
function inspector({ engine: facts, env }: DoctorFacts): Check {
  const asked = facts.state === 'running' ? facts.inspector : inspectorIn(env['NODE_OPTIONS'] ?? '');
  if (asked === null) return ok('inspector', 'closed; SIGUSR1 does not open it');
  return warn(
    'inspector',
    `${asked} opens the inspector of Node: every user of this machine can run code in the engine`,
    'start Healdeck without it',
  );
}

function inspectorIn(nodeOptions: string): string | null {
  return /--inspect(?:-brk|-wait)?(?=[= ]|$)/.test(nodeOptions) ? `NODE_OPTIONS=${nodeOptions}` : null;
}

/** Where an engine could be asked, `privileges` says more. */
function root({ isRoot, programsOfRoot }: DoctorFacts): Check | null {
  if (programsOfRoot !== null) return null;
  if (!isRoot) return ok('user', 'not root');
  return warn(
    'user',
    'root: programs watched without --user run as root, and Healdeck may signal every process',
    'to watch the programs of one user, run Healdeck as that user; a window as root needs --no-sandbox',
  );
}

function engine({ engine: facts }: DoctorFacts): Check {
  if (facts.state === 'unreachable') return ok('engine', `running, pid ${facts.pid}`);
  if (facts.state === 'none') return warn('engine', 'not running', 'start it with: healdeck run');
  if (facts.state === 'trouble') return fail('engine', facts.problem, 'check the terminal or log of the engine');
  const running = `running, version ${facts.version} (${facts.shell}), pid ${facts.pid}`;
  if (facts.unwrittenEvents === 0) return ok('engine', running);
  return warn(
    'engine',
    `${running}; waiting for the disk: ${plural(facts.unwrittenEvents, 'event')}`,
    'check whether the disk is full',
  );
}

/** What keeps alerts from arriving, and what the operator should know of their secrets. */
function alerts({ alerts: facts }: DoctorFacts): readonly Check[] {
  if (facts === null) return [];
  const { channels, failed, warnings } = facts;
  const reach = channels.filter(({ state }) => state !== 'off');
  const nobody = warn(
    'alerts',
    'no alert channel is configured: no one will be notified when something goes wrong',
    'healdeck settings set mail.host, mail.from and mail.to, then: healdeck mail test',
  );
  const given = warn(
    'outbox',
    `${plural(failed, 'message')} failed permanently`,
    'healdeck alerts outbox --state failed shows the reasons; then: healdeck alerts retry --all, or drop --all',
  );
  return [
    ...(reach.length === 0 ? [nobody] : []),
    ...reach.map(({ channel, description, problem }) =>
      problem === null ? ok(channel, description) : warn(channel, problem.message, problem.advice),
    ),
    ...(failed > 0 ? [given] : []),
    ...warnings.map((warning) => warn('alerts', warning, 'for details: healdeck secrets, healdeck alerts')),
  ];
}

/** What is wrong with the machine itself, as the engine has checked it. */
function machine({ engine: facts }: DoctorFacts): readonly Check[] {
  if (facts.state !== 'running' || facts.distress === null) return [];
  if (facts.distress.length === 0) return [ok('machine', 'not in distress')];
  return facts.distress.map(({ kind, detail }) =>
    warn('machine', detail, distressNamed(kind)?.advice ?? 'for details: healdeck incidents'),
  );
}

/** A supervisor that runs from a terminal supervises nothing after a reboot. */
function startsAtBoot({ atBoot: { manager, service, lingers } }: DoctorFacts): Check {
  const name = 'starts at boot';
  if (manager === null)
    return warn(
      name,
      'no: this machine was not started by a service manager that Healdeck knows, as in most containers',
      'no action needed where the container is started again from outside; else see docs/service.md',
    );
  if (service === null) return warn(name, `no: no service of ${manager} is installed`, 'healdeck service install');
  if (!service.isEnabled)
    return warn(name, 'no: the service is installed, but not enabled', 'healdeck service install');
  if (service.scope === 'user' && manager === 'systemd' && !lingers)
    return warn(name, 'only once this user has logged in', 'to start it at boot: loginctl enable-linger');
  return ok(name, `yes, by ${manager}`);
}

function cgroups({ cgroups: facts }: DoctorFacts): Check | null {
  if (facts === null) return null;
  const name = 'cgroups';
  if (facts.version === 2 && facts.writable) {
    return ok(name, 'cgroup v2, writable: a fork bomb can be ended in one step, by cgroup.kill');
  }
  const without = 'fork bombs are frozen and killed process by process';
  if (facts.version === 2) {
    return warn(
      name,
      `cgroup v2, but not writable: ${without}`,
      'no action needed; to use it run Healdeck as root, or in a systemd unit with Delegate=yes',
    );
  }
  return warn(
    name,
    `${facts.version === 1 ? 'only cgroup v1' : 'no cgroups'}: ${without}`,
    'no action needed; current systems have cgroup v2',
  );
}

function privileges({ programsOfRoot }: DoctorFacts): Check | null {
  if (programsOfRoot === null) return null;
  const finding = `Healdeck runs as root; ${rootFinding(programsOfRoot)}`;
  if (programsOfRoot.length === 0) return ok('privileges', finding);
  const advice =
    'give them users of their own: healdeck edit NAME --user USER; docs/security.md shows Healdeck without root';
  return warn('privileges', finding, advice);
}

/** How the engine learns of ends of processes that are not its children; of children it always hears. */
function ends({ engine, platform }: DoctorFacts): Check | null {
  const status = engine.state === 'running' ? engine.endNotices : null;
  if (status === null) return null;
  const name = 'ends of processes';
  if (status.by === 'kernel') {
    const exits = status.exits
      ? 'with exit code or signal'
      : 'but not how a process ended that Healdeck did not start: Linux 6.15 and newer report that';
    const finding = `the kernel reports them at once (pidfds), ${exits}`;
    if (status.atMost === undefined) return ok(name, finding);
    return warn(
      name,
      `${finding}; of ${status.atMost} processes only, the others are polled every 100 ms`,
      'raise the limit of open files, as for the check "open files"',
    );
  }
  const finding = `found and adopted processes are polled every 100 ms, and their exit codes are unknown: ${status.reason}`;
  if (platform !== 'linux') return ok(name, finding);
  return warn(
    name,
    finding,
    'no action needed; pidfds need Linux 5.3 or newer and the npm package koffi, which npm ci installs',
  );
}

/** Whether programs can report their readiness. */
function readiness({ engine, platform }: DoctorFacts): Check | null {
  const status = engine.state === 'running' ? engine.serviceNotices : null;
  if (status === null) return null;
  const name = 'NOTIFY_SOCKET';
  switch (status.at) {
    case 'receiving':
      return ok(name, `programs report their readiness to ${status.address} (sd_notify)`);
    case 'held_up':
      return warn(
        name,
        `what programs report (sd_notify) is not received now: ${status.reason}`,
        'if this lasts, restart the engine',
      );
    case 'unavailable': {
      const finding = `not available, so what programs report (sd_notify) is not received: ${status.reason}`;
      if (platform !== 'linux') return ok(name, finding);
      return warn(
        name,
        finding,
        'no action needed unless a program reports its readiness; it needs the npm package koffi, which npm ci installs, and a writable data directory (as root: /run)',
      );
    }
    default:
      return assertNever(status);
  }
}

function descriptors({ descriptorLimit }: DoctorFacts): Check | null {
  if (descriptorLimit === null) return null;
  if (descriptorLimit >= COMFORTABLE_DESCRIPTORS) return ok('open files', `limit ${descriptorLimit}`);
  return warn(
    'open files',
    `limit ${descriptorLimit}: on a machine with more processes each reading costs more`,
    `ulimit -n ${COMFORTABLE_DESCRIPTORS} before healdeck run, or LimitNOFILE= in a systemd unit`,
  );
}
