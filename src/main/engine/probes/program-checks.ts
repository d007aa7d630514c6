import type { RE2JS } from 're2js';
import { assertNever } from '../../../shared/lib/assert-never';
import { formatDuration } from '../../../shared/lib/format/duration';
import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import { utf8Length } from '../../../shared/lib/text/utf8';
import type { Probe, ProbeCheck } from '../../../shared/model/probe';
import type { Watch } from '../../../shared/model/watch';
import { compileExpression } from '../expression';
import { outputEnds, sameEnd, sameEnds, type OutputEnds } from '../output-ends';
import {
  MAX_ANSWER_CHARACTERS,
  NOTHING_WANTED,
  type Clock,
  type OutputFiles,
  type ProbeAnswer,
  type SceneReader,
  type ServiceNotices,
} from '../ports';
import { toMonotonicMs } from '../wall-time';
import type { ProgramNotices } from './program-notices';

/** The checks that this engine answers itself, by what the program writes. */
export type ProgramCheck = Extract<ProbeCheck, { kind: 'log' | 'heartbeat' | 'silence' | 'notify' }>;

export interface ProgramChecksDependencies {
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  output: Pick<OutputFiles, 'end' | 'since'>;
  scenes: SceneReader;
  serviceNotices: Pick<ServiceNotices, 'status'>;
  /** What this run of the program has reported. */
  notices: ProgramNotices;
}

const STREAMS = ['out', 'err'] as const;
/** Of each stream at each attempt. */
const MAX_READ_BYTES = 64 * 1024;
/** A program that writes faster than it is read: what it is ahead by more than this is skipped. */
const MAX_BEHIND_BYTES = 4 * 1024 * 1024;
/** Of one line. */
const MAX_LINE_CHARACTERS = 4096;

/** What one probe has read so far of the output of a program. */
interface LogReading {
  ends: OutputEnds;
  /** The last line of each stream while it is not at its end. */
  rest: { out: string; err: string };
  /** It was seen. */
  found: string | null;
}

/** What the last look at a heartbeat file has shown. */
interface Beat {
  /** Wall time, ms; null: there was no file yet. */
  modifiedAt: number | null;
  /** When it was touched last, and when it was looked at; monotonic ms. */
  touchedMs: number;
  lookedMs: number;
}

/** Answers, during one run of a program, by the files that it writes: its output, and a file that it touches. */
export class ProgramChecks {
  private readonly logs = new Map<string, LogReading>();
  /** Where the output ended when it last grew, and when that was noticed; monotonic ms. */
  private written: { ends: OutputEnds; atMs: number } | null = null;
  private readonly expressions = new Map<string, RE2JS>();
  /** By path. */
  private readonly beats = new Map<string, Beat>();
  private readonly sinceMs: number;

  /** `from`: where the output of this run begins; null: the program was started before anybody noted that. */
  constructor(
    private readonly watch: Watch,
    private readonly from: OutputEnds | null,
    private readonly dependencies: ProgramChecksDependencies,
  ) {
    this.sinceMs = dependencies.clock.monotonicMs();
  }

  async answer(probe: Probe, check: ProgramCheck): Promise<ProbeAnswer> {
    const beganMs = this.dependencies.clock.monotonicMs();
    const found = await this.find(probe, check);
    const words = truncate(escapeUnprintable(found.words), MAX_ANSWER_CHARACTERS);
    return { ...found, words, latencyMs: this.dependencies.clock.monotonicMs() - beganMs };
  }

  private async find({ name, timeoutMs }: Probe, check: ProgramCheck): Promise<Omit<ProbeAnswer, 'latencyMs'>> {
    switch (check.kind) {
      case 'log':
        return this.log(name, check);
      case 'silence':
        return this.silence(check);
      case 'heartbeat':
        return this.heartbeat(check, timeoutMs);
      case 'notify':
        return this.dependencies.notices.answer(check, this.dependencies.serviceNotices.status);
      default:
        return assertNever(check);
    }
  }

  private log(name: string, { pattern, means }: ProgramCheck & { kind: 'log' }): Omit<ProbeAnswer, 'latencyMs'> {
    const reading = this.readingOf(name);
    if (means === 'healthy') {
      // What it wrote before this engine was there is not searched: it runs, so it has started long ago.
      if (this.from === null) return { passed: true, words: 'started before its output was followed' };
      reading.found ??= this.newLine(reading, pattern);
      return reading.found === null
        ? { passed: false, words: `no line matches ${pattern} yet` }
        : { passed: true, words: reading.found };
    }
    const line = this.newLine(reading, pattern);
    return line === null ? { passed: true, words: `no line matches ${pattern}` } : { passed: false, words: line };
  }

  private readingOf(name: string): LogReading {
    let reading = this.logs.get(name);
    if (reading === undefined) {
      const ends = this.from ?? outputEnds(this.dependencies.output, this.watch);
      this.logs.set(name, (reading = { ends: { ...ends }, rest: { out: '', err: '' }, found: null }));
    }
    return reading;
  }

  /** The first line since the last attempt that matches; all that was written since counts as read. */
  private newLine(reading: LogReading, pattern: string): string | null {
    let found: string | null = null;
    for (const stream of STREAMS) {
      const lines = `${reading.rest[stream]}${this.read(reading, stream)}`.split('\n');
      // It may be at its end all the same: a prompt, or the last word of a program that hangs.
      const rest = (lines.at(-1) ?? '').slice(-MAX_LINE_CHARACTERS);
      reading.rest[stream] = rest;
      found ??=
        lines.map((line) => line.slice(0, MAX_LINE_CHARACTERS)).find((line) => this.matches(pattern, line)) ?? null;
      if (found !== null && found === rest) reading.rest[stream] = '';
    }
    return found;
  }

  private read(reading: LogReading, stream: 'out' | 'err'): string {
    const { output } = this.dependencies;
    const from = reading.ends[stream];
    // Before what is read: written in between, it is read again, and nothing is missed.
    const end = output.end(this.watch, stream);
    if (sameEnd(end, from)) return '';
    const { text, truncated } = output.since(this.watch, stream, from, MAX_READ_BYTES);
    const isFarBehind = end.olderInode !== from.olderInode || end.offset - from.offset > MAX_BEHIND_BYTES;
    reading.ends[stream] = truncated && !isFarBehind ? { ...from, offset: from.offset + utf8Length(text) } : end;
    return text;
  }

  private silence({ maxAgeMs }: ProgramCheck & { kind: 'silence' }): Omit<ProbeAnswer, 'latencyMs'> {
    const nowMs = this.dependencies.clock.monotonicMs();
    const ends = outputEnds(this.dependencies.output, this.watch);
    if (this.written === null) this.written = { ends, atMs: this.sinceMs };
    else if (!sameEnds(ends, this.written.ends)) {
      this.written = { ends, atMs: nowMs };
    }
    const ageMs = nowMs - this.written.atMs;
    return { passed: ageMs <= maxAgeMs, words: `no output for ${formatDuration(ageMs)}` };
  }

  private async heartbeat(
    { path, maxAgeMs }: ProgramCheck & { kind: 'heartbeat' },
    limitMs: number,
  ): Promise<Omit<ProbeAnswer, 'latencyMs'>> {
    const { scenes, clock } = this.dependencies;
    const { files } = await scenes.read({ ...NOTHING_WANTED, files: [path] }, limitMs);
    const state = files[path];
    if (state === undefined || state.kind === 'unknown') {
      return {
        passed: false,
        words: `${path} could not be looked at within ${formatDuration(limitMs)}`,
        machineFault: true,
      };
    }
    const beat = this.beatOf(path, state.kind === 'present' ? state.modifiedAt : null);
    this.beats.set(path, beat);
    const ageMs = clock.monotonicMs() - beat.touchedMs;
    const words = state.kind === 'missing' ? `${path} does not exist` : `${path} changed ${formatDuration(ageMs)} ago`;
    return { passed: ageMs <= maxAgeMs, words };
  }

  /**
   * By its time now; null: it has none. That is of the wall clock, which may be set, and anybody may set the time of a file: so it counts
   * where it is another one, and only within the time since the last look. What an earlier run has touched says nothing of this one, which
   * has the whole time from its start.
   */
  private beatOf(path: string, modifiedAt: number | null): Beat {
    const { clock } = this.dependencies;
    const nowMs = clock.monotonicMs();
    const before = this.beats.get(path) ?? { modifiedAt: null, touchedMs: this.sinceMs, lookedMs: this.sinceMs };
    if (modifiedAt === null || modifiedAt === before.modifiedAt) return { ...before, lookedMs: nowMs };
    const touchedMs = Math.min(nowMs, Math.max(before.lookedMs, toMonotonicMs(clock, modifiedAt)));
    return { modifiedAt, touchedMs, lookedMs: nowMs };
  }

  private matches(pattern: string, line: string): boolean {
    let expression = this.expressions.get(pattern);
    if (expression === undefined) this.expressions.set(pattern, (expression = compileExpression(pattern)));
    return expression.matcher(line).find();
  }
}
