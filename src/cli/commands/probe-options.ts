import { basename } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { hostOfUrl, isElsewhere } from '../../shared/lib/host/elsewhere';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { parseArgv } from '../../shared/lib/text/argv';
import {
  HTTP_METHODS,
  PROBE_LIMITS,
  PROBE_ROLES,
  probeNameSchema,
  probeSchema,
  type HeaderValue,
  type HttpMethod,
  type Probe,
  type ProbeInput,
  type ProbeRole,
} from '../../shared/model/probe';
import { absolutePath } from '../context';
import { usage } from '../failure';
import type { Io } from '../io';
import { collect } from './collect';
import { durationFrom } from './duration-option';

type CheckInput = ProbeInput['check'];
type Place = Pick<Io, 'cwd'>;

/** A probe as it was asked for: what it checks, and the word that it is called by unless it was given another. */
interface Asked {
  suggested: string;
  check: (place: Place) => CheckInput;
}

/** The options of `add` and `edit` that are about probes, as commander collects them. */
export interface ProbeOptions {
  probeHttp?: readonly Asked[];
  probeTcp?: readonly Asked[];
  probeCommand?: readonly Asked[];
  probeLog?: readonly Asked[];
  probeLogBad?: readonly Asked[];
  probeHeartbeat?: readonly Asked[];
  probeSilence?: readonly Asked[];
  probeNotify?: readonly Asked[];
  probeRemove?: readonly string[];
  probeName?: string;
  probeRole?: ProbeRole;
  probeInterval?: number;
  probeTimeout?: number;
  probeFailures?: { failures: number; of: number };
  probeSuccesses?: number;
  probeMethod?: HttpMethod;
  probeSocket?: string;
  probeHeader?: readonly string[];
  probeStatus?: string;
  probeBody?: string;
  probeCa?: string;
  probeCertDays?: number;
}

/** Those that ask for a probe, in the order in which the probes are added. */
const ASKING = [
  ...(['probeHttp', 'probeTcp', 'probeCommand', 'probeLog'] as const),
  ...(['probeLogBad', 'probeHeartbeat', 'probeSilence', 'probeNotify'] as const),
];
/** Those that are about each probe of the command line. */
const MODIFIERS = [
  ...(['probeName', 'probeRole', 'probeInterval', 'probeTimeout', 'probeFailures'] as const),
  'probeSuccesses',
] as const;
/** Those that are about each `--probe-http`. */
const HTTP_MODIFIERS = [
  ...(['probeMethod', 'probeSocket', 'probeHeader', 'probeStatus'] as const),
  ...(['probeBody', 'probeCa', 'probeCertDays'] as const),
] as const;

/** Adds the options that say how a program is checked from outside. */
export function addProbeOptions(command: Command): Command {
  const { minIntervalMs, maxIntervalMs, maxTimeoutMs } = PROBE_LIMITS;
  return command
    .option('--probe-http <url>', 'probe: an HTTP request that must succeed; can be repeated, as each probe', asHttp)
    .option('--probe-tcp <address>', 'probe: a connection to [HOST:]PORT or the path of a unix socket', asTcp)
    .option('--probe-command <command>', 'probe: a command that must exit with 0, as in "pg_isready -q"', asCommand)
    .option('--probe-log <pattern>', 'probe: a line of output that must have come (RE2)', asLog('healthy'))
    .option('--probe-log-bad <pattern>', 'probe: a line of output that must not come', asLog('unhealthy'))
    .option('--probe-heartbeat <path=age>', 'probe: a file that must change at least so often', asHeartbeat)
    .option('--probe-silence <age>', 'probe: the program must write something at least so often', asSilence)
    .option(
      '--probe-notify <ready|age>',
      'probe: what the program reports by sd_notify(3): READY=1, or WATCHDOG=1 at least so often',
      asNotify,
    )
    .addOption(
      new Option('--probe-role <role>', 'what the probes of this command decide (default: liveness)').choices(
        PROBE_ROLES,
      ),
    )
    .option(
      '--probe-interval <duration>',
      'time between two attempts (default: 10s)',
      durationFrom(minIntervalMs, maxIntervalMs),
    )
    .option('--probe-timeout <duration>', 'time for one attempt (default: 2s)', durationFrom(10, maxTimeoutMs))
    .option('--probe-failures <n/m>', 'fail when n of the last m attempts have failed (default: 3/5)', asFailures)
    .option('--probe-successes <n>', 'pass again once so many attempts in a row have passed (default: 1)', asSuccesses)
    .option('--probe-name <name>', 'name of the probe, where there is only one; replaces the probe that has it', asName)
    .addOption(new Option('--probe-method <method>', 'method of HTTP (default: GET)').choices(HTTP_METHODS))
    .option('--probe-socket <path>', 'connect to this unix socket, not to the host of the URL')
    .option(
      '--probe-header <header>',
      'a header to send, as in "Accept: text/plain"; "Authorization: secret probe.token" sends a secret; can be repeated',
      collect,
    )
    .option('--probe-status <statuses>', 'statuses of HTTP that pass (default: 200-399)')
    .option('--probe-body <pattern>', 'what the body must match (RE2)')
    .option('--probe-ca <file>', 'file with the certificates to trust, in PEM')
    .option('--probe-cert-days <days>', 'fail so many days before the certificate expires', asDays);
}

/** The probes of a watch with those added that were asked for; undefined when nothing was said about them. */
export function changedProbes(
  options: ProbeOptions,
  place: Place,
  before: readonly Probe[] = [],
): readonly Probe[] | undefined {
  const asked = ASKING.flatMap((option) => (options[option] ?? []).map((one) => ({ ...one, option })));
  checkModifiers(options, asked.length);
  if (asked.length === 0 && options.probeRemove === undefined) return undefined;
  const kept = withoutRemoved(before, options.probeRemove ?? []);
  return asked.reduce<readonly Probe[]>((probes, { suggested, check, option }) => {
    const name = options.probeName ?? uniqueName(suggested, probes);
    const probe = parsed({ name, ...commonOf(options), check: withHttp(check(place), options, place) }, option);
    // A name that was given is that of the probe that is meant; a suggested one never replaces anything.
    const at = probes.findIndex((known) => sameProbe(known, name));
    return at < 0 ? [...probes, probe] : probes.with(at, probe);
  }, kept);
}

/** What those probes that ask another machine mean, a warning for each. `probes` are the new ones. */
export function remoteWarnings(probes: readonly ProbeInput[], hostname: string): readonly string[] {
  return probes.flatMap(({ name, role = 'liveness', check }) => {
    const host = hostOf(check);
    if (host === null || !isElsewhere(host, hostname)) return [];
    const restarts =
      role === 'liveness' ? ', and restarts this program; with --probe-role readiness it only reports' : '';
    return `warning: probe ${name} asks another machine (${escapeUnprintable(host)}): it also fails when the network or that machine does${restarts}\n`;
  });
}

function hostOf(check: CheckInput): string | null {
  if (check.kind === 'http') return (check.socketPath ?? null) === null ? hostOfUrl(check.url) : null;
  return check.kind === 'tcp' && (check.socketPath ?? null) === null ? (check.host ?? null) : null;
}

function checkModifiers(options: ProbeOptions, count: number): void {
  const isGiven = (key: keyof ProbeOptions): boolean => options[key] !== undefined;
  const common = MODIFIERS.find(isGiven);
  if (common !== undefined && count === 0) {
    throw usage(`${flag(common)} applies to a probe of the same command: also give one, such as --probe-http URL`);
  }
  const ofHttp = HTTP_MODIFIERS.find(isGiven);
  if (ofHttp !== undefined && !isGiven('probeHttp')) throw usage(`${flag(ofHttp)} belongs to --probe-http`);
  if (options.probeName !== undefined && count > 1) {
    throw usage(`--probe-name names one probe, and this command has ${count}: expected one, or no name`);
  }
}

function withoutRemoved(before: readonly Probe[], removed: readonly string[]): readonly Probe[] {
  const unknown = removed.find((name) => !before.some((probe) => sameProbe(probe, name)));
  if (unknown !== undefined) throw usage(unknownProbeText(unknown, before));
  return before.filter((probe) => !removed.some((name) => sameProbe(probe, name)));
}

/** The error when a watch has no probe of this name. */
export function unknownProbeText(name: string, probes: readonly Pick<Probe, 'name'>[]): string {
  if (probes.length === 0) return `the watch has no probes, so none is called "${name}"`;
  return `no probe is called "${name}"; expected one of: ${probes.map((probe) => probe.name).join(', ')}`;
}

/** Names of probes differ in more than their case. */
export function sameProbe(probe: Pick<Probe, 'name'>, name: string): boolean {
  return probe.name.toLowerCase() === name.toLowerCase();
}

/** `health`, `health-2`, `health-3`, … */
function uniqueName(suggested: string, probes: readonly Probe[]): string {
  const isFree = (name: string): boolean => !probes.some((probe) => sameProbe(probe, name));
  if (isFree(suggested)) return suggested;
  for (let number = 2; ; number += 1) if (isFree(`${suggested}-${number}`)) return `${suggested}-${number}`;
}

function commonOf({
  probeRole,
  probeInterval,
  probeTimeout,
  probeFailures,
  probeSuccesses,
}: ProbeOptions): Partial<ProbeInput> {
  return {
    ...(probeRole !== undefined && { role: probeRole }),
    ...(probeInterval !== undefined && { intervalMs: probeInterval }),
    ...(probeTimeout !== undefined && { timeoutMs: probeTimeout }),
    ...(probeSuccesses !== undefined && { successes: probeSuccesses }),
    ...probeFailures,
  };
}

function withHttp(check: CheckInput, options: ProbeOptions, place: Place): CheckInput {
  if (check.kind !== 'http') return check;
  const { probeMethod, probeSocket, probeHeader, probeStatus, probeBody, probeCa, probeCertDays } = options;
  return {
    ...check,
    ...(probeMethod !== undefined && { method: probeMethod }),
    ...(probeSocket !== undefined && { socketPath: absolutePath(place, probeSocket) }),
    ...(probeHeader !== undefined && { headers: headersFrom(probeHeader) }),
    ...(probeStatus !== undefined && { statuses: probeStatus }),
    ...(probeBody !== undefined && { body: probeBody }),
    ...(probeCa !== undefined && { caFile: absolutePath(place, probeCa) }),
    ...(probeCertDays !== undefined && { certificateDays: probeCertDays }),
  };
}

/** The option that a part of a probe comes from, where it is not the one that asks for the probe. */
const OPTION_OF: Readonly<Record<string, keyof ProbeOptions>> = {
  failures: 'probeFailures',
  of: 'probeFailures',
  successes: 'probeSuccesses',
  method: 'probeMethod',
  socketPath: 'probeSocket',
  headers: 'probeHeader',
  statuses: 'probeStatus',
  body: 'probeBody',
  caFile: 'probeCa',
  certificateDays: 'probeCertDays',
};

function parsed(input: ProbeInput, option: keyof ProbeOptions): Probe {
  const result = probeSchema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const part = String(issue?.path[0] === 'check' ? issue.path[1] : issue?.path[0]);
  throw usage(`${flag(OPTION_OF[part] ?? option)}: ${issue?.message ?? 'expected a probe'}`);
}

/** An option as it is typed: `--probe-http`. */
function flag(key: keyof ProbeOptions): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function asked<T extends CheckInput>(suggested: string, check: T, before: readonly Asked[] = []): Asked[] {
  return [...before, { suggested, check: () => check }];
}

function asHttp(url: string, before?: readonly Asked[]): Asked[] {
  return asked('health', { kind: 'http', url }, before);
}

function asTcp(text: string, before: readonly Asked[] = []): Asked[] {
  if (text.includes('/')) {
    const check = (place: Place): CheckInput => ({ kind: 'tcp', socketPath: absolutePath(place, text) });
    return [...before, { suggested: 'socket', check }];
  }
  const [, bracketed, plain, sum, port = sum] =
    /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(?:\{(\d+)\+instance\}|(\d+))$/.exec(text) ?? [];
  const expected = 'expected [HOST:]PORT, as in 5432 or db.example.org:5432, or the path of a unix socket';
  if (port === undefined) throw new InvalidArgumentError(`${expected}, got "${text}".`);
  const host = bracketed ?? plain;
  return asked(
    'port',
    {
      kind: 'tcp',
      port: portFrom(port),
      ...(host !== undefined && { host }),
      ...(sum !== undefined && { plusInstance: true }),
    },
    before,
  );
}

function portFrom(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError(`expected a port from 1 to 65535, got "${text}".`);
  return port;
}

function asCommand(text: string, before?: readonly Asked[]): Asked[] {
  const parse = parseArgv(text);
  if (!parse.ok) throw new InvalidArgumentError(`${parse.error}.`);
  const [program] = parse.argv;
  if (program === undefined) throw new InvalidArgumentError('expected a command, as in "pg_isready -q".');
  const name = basename(program);
  const suggested = probeNameSchema.safeParse(name).success ? name : 'command';
  return asked(suggested, { kind: 'command', argv: [...parse.argv] }, before);
}

function asLog(means: 'healthy' | 'unhealthy') {
  const suggested = means === 'healthy' ? 'log' : 'errors';
  return (pattern: string, before?: readonly Asked[]): Asked[] =>
    asked(suggested, { kind: 'log', pattern, means }, before);
}

function asHeartbeat(text: string, before: readonly Asked[] = []): Asked[] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError(`expected PATH=AGE, as in /run/web.beat=30s, got "${text}".`);
  const maxAgeMs = age(text.slice(at + 1));
  const path = text.slice(0, at);
  const check = (place: Place): CheckInput => ({ kind: 'heartbeat', path: absolutePath(place, path), maxAgeMs });
  return [...before, { suggested: 'heartbeat', check }];
}

function asSilence(text: string, before?: readonly Asked[]): Asked[] {
  return asked('output', { kind: 'silence', maxAgeMs: age(text) }, before);
}

function asNotify(text: string, before?: readonly Asked[]): Asked[] {
  if (text === 'ready') return asked('notify', { kind: 'notify' }, before);
  return asked('notify', { kind: 'notify', maxAgeMs: age(text) }, before);
}

function age(text: string): number {
  return durationFrom(100, PROBE_LIMITS.maxIntervalMs)(text);
}

/** `3/5` as failures of attempts. */
export function asFailures(text: string): { failures: number; of: number } {
  const [, failures, of] = /^(\d+)\s*(?:\/|of)\s*(\d+)$/i.exec(text.trim()) ?? [];
  const [least, most] = [Number(failures), Number(of)];
  if (!(least >= 1 && least <= most && most <= PROBE_LIMITS.maxAttempts)) {
    throw new InvalidArgumentError(
      `expected n/m (n of the last m attempts, at most ${PROBE_LIMITS.maxAttempts}), as in 3/5, got "${text}".`,
    );
  }
  return { failures: least, of: most };
}

function asSuccesses(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= PROBE_LIMITS.maxAttempts) return Number(text);
  throw new InvalidArgumentError(
    `expected a whole number of attempts from 1 to ${PROBE_LIMITS.maxAttempts}, got "${text}".`,
  );
}

function asName(text: string): string {
  const name = probeNameSchema.safeParse(text);
  if (!name.success) throw new InvalidArgumentError(`${name.error.issues[0]?.message}.`);
  return name.data;
}

function asDays(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > 3650) {
    throw new InvalidArgumentError(`expected a whole number of days from 0 to 3650, got "${text}".`);
  }
  return Number(text);
}

/** What was typed may be a secret, and Commander repeats what it refuses: so it is read here. */
function headersFrom(texts: readonly string[]): Record<string, HeaderValue> {
  const headers = texts.map((text): [string, HeaderValue] => {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      const expected = '"Accept: text/plain" or "Authorization: secret probe.token"';
      throw usage(`--probe-header: expected a name and a value, as in ${expected}`);
    }
    const [, secret] = /^secret\s+(\S+)$/.exec(value) ?? [];
    return [name.trim(), secret === undefined ? value : { secret }];
  });
  return Object.fromEntries(headers);
}
