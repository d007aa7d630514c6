import { Option, type Command } from 'commander';
import { judgePath, unsafeText } from '../../shared/lib/host/path-safety';
import { parseOrigin } from '../../shared/lib/host/origin';
import { parsePort } from '../../shared/lib/host/port';
import { readPathPart } from '../../host/read-path-part';
import { connectEngine } from '../client';
import { dataDirOf, examples, print, type CliContext } from '../context';
import { livingEngine } from '../engine-owner';
import { CliFailure } from '../failure';
import { serviceHost, type ServiceHost } from '../service/host';
import { DifferentFile, installService } from '../service/install';
import { lineDiff } from '../service/line-diff';
import type { ServiceManagerKind, ServicePlan, ServiceScope } from '../service/managers/definition';
import { runningManager, SERVICE_MANAGERS, WINDOW_AUTOSTART } from '../service/managers/list';
import { requestFor } from '../service/request';
import { findServiceFile } from '../service/service-file';
import { serviceStatus } from '../service/status';
import { aroundPlan, installText, statusText, uninstallText, type ShownService } from '../service/text';
import { uninstallService, type RunningProgram } from '../service/uninstall';
import { parsed } from './parsed-option';

interface ServiceOptions {
  user?: boolean;
  system?: boolean;
  window?: boolean;
  manager?: string;
  force?: boolean;
  dryRun?: boolean;
  port?: number;
  proxyOrigin?: string;
  json?: boolean;
}

const NOTES = `
A user has a service of their own (--user), root one of the machine (--system). The file contains
no environment: secrets are set by healdeck secrets, other variables per watch. Programs go on
running when the engine stops, and the next one adopts them. docs/service.md explains each line,
and how it is done with OpenRC and runit.
`;

/** `service`: the engine at boot, under the service manager of the machine. */
export function addServiceCommands(program: Command, context: CliContext, version: string): void {
  const service = program
    .command('service')
    .description('run the engine at boot, and have it restarted when it dies')
    .helpCommand(false)
    .addHelpText('after', examples('healdeck service install', 'healdeck service status'));

  withScope(service.command('install'))
    .description('write a service, enable and start it')
    .option('--window', 'instead: open the window at each login to the desktop')
    .option('--port <n>', 'port of the web dashboard', parsed(parsePort))
    .option('--proxy-origin <origin>', 'as for healdeck run', parsed(parseOrigin))
    .option('--dry-run', 'print what would be written and run, and do nothing')
    .option('--force', 'replace a file with other content')
    .option('--json', 'print one JSON value: {manager, scope, file, outcome, hints}')
    .addHelpText('after', examples('healdeck service install --dry-run', 'sudo healdeck service install --system'))
    .addHelpText('after', NOTES)
    .action(async (options: ServiceOptions, command: Command) => {
      const chosen = choose(options, command, context);
      const { host, kind, scope, plan, dataDir } = chosen;
      if (options.dryRun) {
        const found = findServiceFile(plan.file, host.uid);
        const diff = found.state === 'file' ? lineDiff(found.text, plan.text) : [];
        const { file, text, enable: commands } = plan;
        const value = { manager: kind.name, scope, file, text, commands };
        if (options.json) return print(context, true, value, () => '');
        // The output is the file and nothing else, so that it can be written to one; what is to be known besides is no part of it.
        const { before, after } = aroundPlan(kind, plan, diff);
        context.io.err(before);
        context.io.out(text);
        return context.io.err(after);
      }
      refuseUnsafeDataDir(dataDir, host.uid);
      const force = options.force ?? false;
      const engine = livingEngine(dataDir)?.pid ?? null;
      try {
        const report = await installService({ host, kind, scope, plan, force, engine });
        print(context, options.json, report, () => installText(report));
      } catch (error) {
        if (error instanceof DifferentFile) context.io.err(`${error.diff.join('\n')}\n`);
        throw error;
      }
    });

  withScope(service.command('status'))
    .description('show whether it starts at boot, runs, and is of this version')
    .option('--json', 'print one JSON value: {version, services: […]}')
    .addHelpText('after', examples('healdeck service status'))
    .action(async (options: ServiceOptions, command: Command) => {
      const engine = await engineOf(dataDirOf(command, context.io), context);
      const services: ShownService[] = [];
      for (const scope of shownScopes(options, kindOf(options, serviceHost(context.io)))) {
        const chosen = choose({ ...options, [scope]: true }, command, context);
        const status = await serviceStatus(chosen);
        services.push({ ...status, engineVersion: engine?.pid === status.pid ? (engine?.version ?? null) : null });
      }
      print(context, options.json, { version, services }, () =>
        services.map((each) => statusText(each, version, context.instant)).join('\n'),
      );
    });

  withScope(service.command('uninstall'))
    .description('stop the engine and remove the service; programs go on running')
    .option('--window', 'instead: open no window at login any more')
    .option('--force', 'remove a file that healdeck service install has not written')
    .option('--json', 'print one JSON value: {manager, scope, file, outcome, goesOn: [{watch, pids}]}')
    .addHelpText('after', examples('healdeck service uninstall'))
    .action(async (options: ServiceOptions, command: Command) => {
      const chosen = choose(options, command, context);
      const engine = options.window ? null : await engineOf(chosen.dataDir, context);
      const report = await uninstallService({
        ...chosen,
        force: options.force ?? false,
        programs: engine?.programs ?? [],
      });
      print(context, options.json, report, () => uninstallText(report));
    });
}

function withScope(command: Command): Command {
  const names = SERVICE_MANAGERS.filter((kind) => kind !== WINDOW_AUTOSTART).map(({ name }) => name);
  return command
    .addOption(new Option('--user', 'a service of this user').conflicts('system'))
    .option('--system', 'a service of the machine, as root (default: for root)')
    .addOption(new Option('--manager <name>', 'service manager (default: the one that runs here)').choices(names));
}

interface Chosen {
  host: ServiceHost;
  kind: ServiceManagerKind;
  scope: ServiceScope;
  plan: ServicePlan;
  dataDir: string;
}

/** What the options, the user and the machine come to. */
function choose(options: ServiceOptions, command: Command, context: CliContext): Chosen {
  const host = serviceHost(context.io);
  const isRoot = host.uid === 0;
  const scope: ServiceScope = options.system ? 'system' : options.user || options.window || !isRoot ? 'user' : 'system';
  if (command.name() !== 'status' && !options.dryRun && scope === 'system' && host.uid > 0)
    throw new CliFailure('a service of the machine is a matter of root: sudo healdeck service …, or use --user');
  const kind = kindOf(options, host);
  if (!kind.scopes.includes(scope)) throw new CliFailure(otherScope(kind));
  const dataDir = dataDirOf(command, context.io);
  const runOptions = [
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.proxyOrigin === undefined ? [] : ['--proxy-origin', options.proxyOrigin]),
  ];
  const plan = kind.plan(requestFor(host, scope, dataDir, runOptions));
  return { host, kind, scope, plan, dataDir };
}

function kindOf({ window, manager, dryRun }: ServiceOptions, host: ServiceHost): ServiceManagerKind {
  if (window) return WINDOW_AUTOSTART;
  const kind = SERVICE_MANAGERS.find(({ name }) => name === manager) ?? runningManager(host);
  if (kind === null) throw new CliFailure(noManager(dryRun ?? false));
  return kind;
}

function otherScope({ title, scopes }: ServiceManagerKind): string {
  return scopes.includes('system')
    ? `${title} has services of the machine only: repeat this with --system, as root`
    : `${title} belongs to one user: repeat this without --system`;
}

function noManager(dryRun: boolean): string {
  const which = `for another one: --manager ${SERVICE_MANAGERS.filter(({ byHand }) => byHand)
    .map(({ name }) => name)
    .join(' or ')}`;
  return `this machine was not started by systemd, OpenRC or runit (as in most containers); ${
    dryRun ? which : `${which} --dry-run prints what to write`
  }, and docs/service.md has the steps`;
}

/** Where no option says it: one's own, and that of the machine. */
function shownScopes({ user, system }: ServiceOptions, { scopes }: ServiceManagerKind): readonly ServiceScope[] {
  if (system) return ['system'];
  if (user) return ['user'];
  return process.getuid?.() === 0 ? ['system'] : scopes;
}

/** The engine refuses such a directory too, but at boot nobody reads that. */
function refuseUnsafeDataDir(dataDir: string, uid: number): void {
  if (uid < 0) return;
  const { unsafe } = judgePath({ path: dataDir, uid, judgeLast: false, read: readPathPart });
  if (unsafe !== null) throw new CliFailure(unsafeText(unsafe));
}

interface AskedEngine {
  pid: number;
  version: string;
  programs: readonly RunningProgram[];
}

/** The engine that runs, if one answers. */
async function engineOf(dataDir: string, { io }: CliContext): Promise<AskedEngine | null> {
  try {
    const { client, close } = await connectEngine(dataDir, io.platform);
    try {
      const { pid, version } = await client.engine.info();
      const watches = await client.watches.list();
      const programs = watches.map(({ watch, processes }) => ({
        watch: watch.name,
        pids: processes.map((process) => process.pid),
      }));
      return { pid, version, programs };
    } finally {
      close();
    }
  } catch {
    return null;
  }
}
