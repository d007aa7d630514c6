import type { AnomalyEvidence } from '../model/event-parts';
import type { Writing } from '../lib/format/values';
import type { Fact } from './definition';

/** The rule of an anomaly and its numbers, as facts. */
export function evidenceFacts(evidence: AnomalyEvidence, writing: Writing): Fact[] {
  return [
    { label: 'Rule', value: `${evidence.rule.replaceAll('_', ' ')}: ${evidence.threshold}` },
    ...(evidence.windowSeconds > 0
      ? [{ label: 'Window', value: `the last ${writing.duration(evidence.windowSeconds * 1000)}` }]
      : []),
    ...Object.entries(evidence.numbers)
      .filter(([name]) => name !== THRESHOLD)
      .map(([name, value]) => ({ label: numberLabel(name), value: numberText(name, value, writing) })),
  ];
}

/** The number of the evidence that its readings were compared with. */
export const THRESHOLD = 'threshold';

/** Units that the names of numbers end with. */
const NUMBER_UNITS: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/Bytes$/, 'bytes'],
  [/Ms$/, 'ms'],
  [/Percent$/, '%'],
];

const NUMBER_LABELS: Readonly<Record<string, string>> = {
  bytesPerSecond: 'Growth',
  bytesPerHour: 'Growth',
  tau: "Steadiness (Kendall's tau)",
  parentPid: 'Parent pid',
};

function numberLabel(name: string): string {
  const known = NUMBER_LABELS[name];
  if (known !== undefined) return known;
  const words = name
    .replace(/(Bytes|Ms|Percent|Seconds)$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numberText(name: string, value: number | string, { bytes, duration, rate, ratio, reading }: Writing): string {
  if (typeof value === 'string') return value;
  if (name.endsWith('Pid')) return String(value);
  if (name.endsWith('Seconds')) return duration(value * 1000);
  if (name === 'bytesPerSecond') return rate(value);
  if (name === 'bytesPerHour') return `${bytes(value)}/h`;
  if (!Number.isInteger(value) && Math.abs(value) < 10) return ratio(value);
  return reading(value, NUMBER_UNITS.find(([suffix]) => suffix.test(name))?.[1] ?? '');
}
