import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { formatDuration } from '../../../shared/lib/format/duration';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import {
  WATCH_MARK,
  type ChildExit,
  type Clock,
  type Launch,
  type LaunchFailure,
  type ReportError,
} from '../../engine/ports';
import { chooseAccount } from '../launch/launch-check';
import type { LaunchWrapper } from '../launch/launch-wrapper';
import { spawnByNode, type NodeChildren } from '../launch/node-children';
import { explainSpawnError } from '../launch/spawn-failure';
import { applyLimits, type StartLimits } from '../launch/start-limits';
import { failed, type AttemptScope, type Verdict } from './attempt';
import { OwnGroup, type GroupPidfds } from './own-group';
import { OutputTail } from './output-tail';
import { quotedWith } from './quotation';

/** What all commands stand on. */
export interface CommandResources {
  clock: Clock;
  children: NodeChildren;
  /** null: this machine has none. */
  pidfds: GroupPidfds | null;
  wrapper: LaunchWrapper;
  /** What they inherit otherwise than from the engine. */
  limits: () => StartLimits;
  /** oom_score_adj of the engine; null elsewhere than on Linux. */
  engineOomScoreAdj: () => number | null;
  /** Takes back from a child what the engine has of the processor in an emergency. */
  resetPriority?: (pid: number) => void;
  mask: SecretMask;
  report: ReportError;
}

/** How long what was killed is waited for; a process in the middle of a system call that hangs ends only after that. */
const KILL_WAIT_MS = 200;
/** What a program has written before its end is read in no time; but a process that left its group may keep the pipe open. */
const OUTPUT_WAIT_MS = 100;

const SHORTAGES = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * One attempt of a command check. The program runs in a session and process group of its own, without input, and with the user,
 * groups and limits of a program that is started for good, but without the mark by which those are found: no watch takes it for
 * its own. At its end, at the limit and when cancelled, its whole group is killed with SIGKILL. A process that has left the group
 * (setsid(2), setpgid(2)) escapes: a daemon that a check starts goes on.
 */
export class CommandProbe {
  private child: ChildProcess | null = null;
  /** null: it has not been started, or is through. */
  private group: OwnGroup | null = null;
  private readonly output: OutputTail;
  /** Once the limit has passed that is the answer. */
  private isOverdue = false;

  constructor(
    private readonly scope: AttemptScope,
    private readonly launch: Launch,
    private readonly limitMs: number,
    private readonly resources: CommandResources,
  ) {
    this.output = new OutputTail(scope, resources.clock);
  }

  begin(): void {
    const { wrapper, limits, engineOomScoreAdj, resetPriority, children, pidfds, report } = this.resources;
    const launch = { ...this.launch, env: withoutMark(this.launch.env) };
    const choice = chooseAccount(launch.user);
    if (!choice.ok) return this.scope.settle(this.notStarted(choice.failure));
    const { account } = choice;
    const startLimits = limits();
    const wrapping = wrapper.wrap(launch, { account, openFiles: startLimits.openFiles });
    if (!wrapping.ok) return this.scope.settle(this.notStarted(wrapping.failure));
    const streams = { out: 'pipe', err: 'pipe' } as const;
    let child: ChildProcess;
    try {
      child = spawnByNode({ launch, account, wrapped: wrapping.wrapped, limits: startLimits, streams });
    } catch (error) {
      return this.scope.settle(this.notStarted(explainSpawnError(launch, error)));
    }
    const { pid } = child;
    if (pid === undefined) {
      child.once('error', (error) => this.scope.settle(this.notStarted(explainSpawnError(launch, error))));
      return;
    }
    this.child = child;
    this.group = new OwnGroup(pid, pidfds);
    this.scope.own(() => this.release());
    resetPriority?.(pid);
    applyLimits(pid, startLimits, engineOomScoreAdj(), report);
    this.output.read(streamsOf(child));
    children.follow(child, pid, (exit) => this.onExit(exit));
  }

  onLimit(): void {
    this.isOverdue = true;
    this.group?.killAll();
    // Its end follows within a moment.
    this.scope.own(this.resources.clock.after(KILL_WAIT_MS, () => this.scope.settle(this.overdue())));
  }

  private onExit(exit: ChildExit): void {
    this.group?.leaderEnded();
    // What it has left in its group may write on.
    this.endGroup();
    if (this.scope.isOver) return;
    if (this.isOverdue) return this.scope.settle(this.overdue());
    this.output.whenEnded(OUTPUT_WAIT_MS, () => this.scope.settle(this.verdictOf(exit)));
  }

  private verdictOf(exit: ChildExit): Verdict {
    if (exit.exitCode === 0 && exit.signal === null) return { passed: true, words: describeExit(exit) };
    const line = this.output.lastLine;
    const ending = exit.signal === null ? describeExit(exit) : `killed by ${exit.signal}`;
    return failed(line === '' ? ending : `${ending}: ${quotedWith(this.resources.mask)(line)}`);
  }

  private overdue(): Verdict {
    return failed(`no end within ${formatDuration(this.limitMs)}`);
  }

  private notStarted({ reason, message }: LaunchFailure): Verdict {
    const words = `could not be started: ${quotedWith(this.resources.mask)(message)}`;
    return { passed: false, words, ...(SHORTAGES.has(reason) && { machineFault: true as const }) };
  }

  private release(): void {
    this.endGroup();
    for (const stream of this.child === null ? [] : streamsOf(this.child)) stream.destroy();
  }

  private endGroup(): void {
    this.group?.killAll();
    this.group?.close();
    this.group = null;
  }
}

function streamsOf({ stdout, stderr }: ChildProcess): Readable[] {
  return [stdout, stderr].filter((stream) => stream !== null);
}

function withoutMark(env: Launch['env']): Launch['env'] {
  const { [WATCH_MARK]: _, ...others } = env;
  return others;
}
