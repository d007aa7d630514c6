import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../model/settings';
import {
  expectationOf,
  parseDuration,
  parseSettingValue,
  parseSize,
  writeDuration,
  writeSettingValue,
  writeSize,
  type SettingKind,
} from './units';

const ok = (value: unknown) => ({ ok: true, value });
const safe = fc.integer({ min: 0, max: 10 ** 12 });

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5 h', 5_400_000],
    ['10min', 600_000],
    ['10m', 600_000],
    ['2D', 172_800_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toEqual(ok(ms));
  });

  it.each(['', '5', '-5s', 'many', '5 weeks', 's', '1e3s', '5s5s', '5constructor', '1'.repeat(30) + 'd'])(
    '"%s" is none, and the error says what is',
    (text) => {
      const result = parseDuration(text);
      expect(result.ok ? '' : result.problem).toContain('expected a duration such as');
    },
  );

  it('is written so that it reads back the same', () => {
    fc.assert(fc.property(safe, (ms) => void expect(parseDuration(writeDuration(ms))).toEqual(ok(ms))));
    expect([0, 1500, 90_000, 7_200_000].map(writeDuration)).toEqual(['0ms', '1500ms', '90s', '2h']);
  });
});

describe('a size', () => {
  it.each([
    ['10MB', 10_000_000],
    ['1GiB', 1_073_741_824],
    ['1.5kb', 1500],
    ['4096', 4096],
    ['500M', 500_000_000],
    ['500 MB', 500_000_000],
    ['0.5G', 500_000_000],
    ['1k', 1000],
    ['2t', 2_000_000_000_000],
    ['1TiB', 1_099_511_627_776],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toEqual(ok(bytes));
  });

  it('is written so that it reads back the same', () => {
    fc.assert(fc.property(safe, (bytes) => void expect(parseSize(writeSize(bytes))).toEqual(ok(bytes))));
    expect([0, 10_000_000, 1536, 500e6, 1.5e9, 1.25e6, 2e12].map(writeSize)).toEqual([
      ...['0B', '10MB', '1536B', '500MB', '1.5GB', '1.25MB', '2TB'],
    ]);
  });
});

const kind = (key: SettingKey): SettingKind => SETTINGS[key];

describe('the value of a setting', () => {
  it.each<[SettingKey, string, unknown, string]>([
    ['sampling.intervalMs', '5s', 5000, '5s'],
    ['sampling.intervalMs', '500', 500, '500ms'],
    ['output.maxBytes', '10 MB', 10_000_000, '10MB'],
    ['diskWrite.limitBytesPerSecond', '10 MB/s', 10_000_000, '10MB/s'],
    ['diskRead.warnBytesPerSecond', '500K', 500_000, '500kB/s'],
    ['history.sampleHours', '24', 24, '24'],
    ['history.sampleHours', '2d', 48, '48'],
    ['output.files', ' 5 ', 5, '5'],
    ['memory.limitBytes', '500M', 500_000_000, '500MB'],
    ['memory.limitBytes', '0.5g', 500_000_000, '500MB'],
    ['memory.limitBytes', 'none', null, 'none'],
    ['cpu.limitPercent', '80', 80, '80%'],
    ['cpu.limitPercent', '80 %', 80, '80%'],
    ['cpu.limitPercent', '12.5%', 12.5, '12.5%'],
    ['cpu.limitPercent', 'OFF', null, 'none'],
    ['restart.longLimit', 'off', null, 'none'],
    ['cpu.action', 'Restart', 'restart', 'restart'],
    ['cpu.action', 'lower-priority', 'lower_priority', 'lower_priority'],
    ['zombie.action', 'off', 'off', 'off'],
    ['dump.signal', 'sigquit', 'SIGQUIT', 'SIGQUIT'],
    ['dump.signal', 'none', 'none', 'none'],
    ['observe', 'on', true, 'true'],
    ['observe', 'False', false, 'false'],
  ])('%s %s is %s, written %s', (key, text, value, canonical) => {
    expect(parseSettingValue(text, kind(key))).toEqual(ok(value));
    expect(writeSettingValue(value as number, kind(key).unit)).toBe(canonical);
  });

  it.each<[SettingKey, string, string]>([
    ['output.files', 'many', 'expected a whole number from 1 to 100 (files), got "many"'],
    ['output.files', '1.5', 'expected a whole number from 1 to 100 (files), got "1.5"'],
    ['history.sampleHours', '30min', 'expected a whole number from 1 to 8760 (hours), got "30min"'],
    ['stop.graceMs', '10MB', 'expected a duration from 0ms to 10min, got "10MB"'],
    ['stop.graceMs', '900h', 'expected a duration from 0ms to 10min, got "900h"'],
    ['memory.limitBytes', '5s', 'expected a size from 1MB to 1000TB, or none, got "5s"'],
    ['memory.limitBytes', '0', 'expected a size from 1MB to 1000TB, or none, got "0"'],
    ['memory.limitBytes', '-5M', 'expected a size from 1MB to 1000TB, or none, got "-5M"'],
    ['cpu.limitPercent', '0', 'expected a number from 1 to 100000 (% of one core), or none, got "0"'],
    ['cpu.limitPercent', '-5', 'expected a number from 1 to 100000 (% of one core), or none, got "-5"'],
    ['cpu.limitPercent', 'NaN', 'expected a number from 1 to 100000 (% of one core), or none, got "NaN"'],
    ['cpu.limitPercent', '1e3', 'expected a number from 1 to 100000 (% of one core), or none, got "1e3"'],
    ['limits.samples', 'none', 'expected a whole number from 1 to 100 (readings), got "none"'],
    ['cpu.action', 'explode', 'expected one of notify, restart, kill, lower_priority, suspend, got "explode"'],
    ['observe', '1', 'expected true or false, got "1"'],
  ])('%s %s is refused', (key, text, problem) => {
    expect(parseSettingValue(text, kind(key))).toEqual({ ok: false, problem });
  });

  it('reads back as it was written, for every setting and its default', () => {
    for (const key of SETTING_KEYS) {
      const { default: standard, unit } = SETTINGS[key];
      expect([key, parseSettingValue(writeSettingValue(standard, unit), kind(key))]).toEqual([key, ok(standard)]);
      expect(expectationOf(kind(key))).not.toBe('');
    }
  });

  it('never becomes one that the setting does not allow, whatever is written', () => {
    const text = fc.oneof(
      fc.string(),
      fc.float().map(String),
      fc.constantFrom('NaN', 'Infinity', '-0', '1e999', '0x10'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_KEYS), text, (key, written) => {
        const parsed = parseSettingValue(written, kind(key));
        if (parsed.ok) expect(kind(key).schema.safeParse(parsed.value).success).toBe(true);
        else expect(parsed.problem).toContain(written);
      }),
    );
  });
});
