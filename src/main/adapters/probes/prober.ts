import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import type { Attempt, Clock, Dispose, Prober, RemoteCheck, ReportError } from '../../engine/ports';
import { LaunchWrapper } from '../launch/launch-wrapper';
import { NodeChildren, type NodeChildrenOptions } from '../launch/node-children';
import type { StartLimits } from '../launch/start-limits';
import { CANCELLED, failed, runAttempt, type AttemptScope } from './attempt';
import { CommandProbe, type CommandResources } from './command-probe';
import { Connections } from './connection';
import type { GroupPidfds } from './own-group';
import { HostLookup } from './host-lookup';
import { HttpChecks } from './http-check';
import { HttpProbe, type HttpResources } from './http-probe';
import type { SecretOf } from './http-request';
import { probeTcp } from './tcp-probe';
import { TrustedCertificates } from './trusted-certificates';

/** What a prober stands on. */
export interface ProberOptions {
  clock: Clock;
  secretOf: SecretOf;
  /** Takes what is known to be secret out of what servers and programs have written. */
  mask: SecretMask;
  /** What commands inherit otherwise than from the engine. */
  limits: () => StartLimits;
  /** oom_score_adj of the engine; null elsewhere than on Linux. */
  engineOomScoreAdj: () => number | null;
  /** Reports how a command ended where Node can't, and kills its group; null: this machine has none. */
  pidfds: (NonNullable<NodeChildrenOptions['pidfds']> & GroupPidfds) | null;
  /** Takes back from a command what the engine has of the processor in an emergency. */
  resetPriority?: (pid: number) => void;
  /** Files with the certificates that the system trusts, the first that there is counts; else those of this system. */
  systemCertificates?: readonly string[];
  report: ReportError;
}

/**
 * Asks over the network and by commands, in the engine's process and without a wait in it: names and files are read in Node's
 * thread pool, of which it never has more than a part.
 */
export class NetworkProber implements Prober {
  private readonly http: HttpResources;
  private readonly commands: CommandResources;
  private readonly httpChecks = new HttpChecks();
  private readonly connections = new Connections(new HostLookup());
  private readonly children: NodeChildren;
  /** Ends each attempt that is under way. */
  private readonly running = new Set<Dispose>();

  constructor(private readonly options: ProberOptions) {
    const { clock, secretOf, mask, pidfds, systemCertificates, report } = options;
    this.children = new NodeChildren({ pidfds, report });
    const trust = new TrustedCertificates(systemCertificates);
    this.http = { clock, secretOf, mask, trust, connections: this.connections };
    this.commands = { ...options, children: this.children, wrapper: new LaunchWrapper(report) };
  }

  ask(check: RemoteCheck, limitMs: number): Attempt {
    return runAttempt(this.options.clock, limitMs, (scope) => {
      const cancel = (): void => scope.settle(CANCELLED);
      this.running.add(cancel);
      scope.own(() => this.running.delete(cancel));
      return this.begin(scope, check, limitMs);
    });
  }

  dispose(): void {
    for (const cancel of [...this.running]) cancel();
    this.children.dispose();
  }

  /** What it returns is called at the limit. */
  private begin(scope: AttemptScope, check: RemoteCheck, limitMs: number): () => void {
    switch (check.kind) {
      case 'http': {
        const preparation = this.httpChecks.prepare(check);
        if (!preparation.ok) {
          scope.settle(failed(preparation.problem));
          return () => undefined;
        }
        const probe = new HttpProbe(scope, preparation.prepared, limitMs, this.http);
        probe.begin();
        return () => probe.onLimit();
      }
      case 'tcp':
        probeTcp(scope, check, this.connections);
        return () => scope.settle(failed(`no answer within ${formatDuration(limitMs)}`));
      case 'command': {
        const probe = new CommandProbe(scope, check.launch, limitMs, this.commands);
        probe.begin();
        return () => probe.onLimit();
      }
      default:
        return assertNever(check);
    }
  }
}
