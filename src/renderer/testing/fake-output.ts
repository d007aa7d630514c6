import type { Backtest, BacktestHit } from '../../shared/model/backtest';
import type { OutputPage, OutputPosition, OutputStream } from '../../shared/model/output';
import type { Settings } from '../../shared/model/settings';
import { fakeHistory, machineReading } from './fake-world';

/** Lines that each stream has when the fake engine starts. */
export const FAKE_OUTPUT_LINES = 1000;

/** A line of the output of a program, the same for the same number. */
export function fakeOutputLine(stream: OutputStream, number: number): string {
  if (stream === 'err') return `error ${number}: upstream timed out after ${100 + (number % 7) * 50} ms`;
  return `${number} GET /articles/${number % 97} 200 ${3 + (number % 11)} ms`;
}

/** Some lines before a position, whose offset is the number of a line here. */
export function fakeOutputPage(stream: OutputStream, lines: number, before: OutputPosition | null): OutputPage {
  const end = before?.offset ?? FAKE_OUTPUT_LINES;
  const start = Math.max(0, end - lines);
  return {
    lines: Array.from({ length: end - start }, (_, index) => fakeOutputLine(stream, start + index)),
    before: start === 0 ? null : { file: 0, offset: start },
    isWhole: true,
  };
}

/** What limits would have done: one hit for each time that the fake past rises above them. */
export function fakeBacktest(settings: Settings, from: number, to: number): Backtest {
  const past = fakeHistory(from, to, (at) => {
    const { cpuPercent, memoryBytes } = machineReading(at);
    return { cpuPercent: cpuPercent * 0.4, memoryBytes: memoryBytes * 0.05 };
  });
  const hits = (['cpu', 'memory'] as const).flatMap((metric): BacktestHit[] => {
    const limit = metric === 'cpu' ? settings['cpu.limitPercent'] : settings['memory.limitBytes'];
    const action = metric === 'cpu' ? settings['cpu.action'] : settings['memory.action'];
    const values = past.map((point) => (metric === 'cpu' ? point.cpuPercent : point.memoryBytes));
    return past.flatMap(({ at }, index): BacktestHit[] => {
      const value = values[index] ?? 0;
      const isNew = limit !== null && value > limit && (values[index - 1] ?? 0) <= limit;
      return isNew ? [{ at, metric, level: 'act', value, limit, action }] : [];
    });
  });
  return {
    ...{ from: past[0]?.at ?? null, to: past.at(-1)?.at ?? null, readings: past.length, diskReadings: past.length },
    hits: hits.sort((one, other) => one.at - other.at),
    readingsOf: 'tree',
    limitsOf: settings['limits.scope'],
  };
}
