import { describe, expect, it } from 'vitest';
import { SETTINGS, WATCH_SETTING_KEYS } from '../../shared/model/settings';
import { labelOf, onThisMachine, parseSetting, showSetting, writeSetting } from './setting-fields';
import { FIELD_GROUPS, SETTING_FIELDS } from './settings-groups';

describe('the fields of settings', () => {
  it('are one for each setting that a watch may have, each with a name of its own', () => {
    expect(SETTING_FIELDS.map((field) => field.key).toSorted()).toEqual(WATCH_SETTING_KEYS.toSorted());
    expect(new Set(SETTING_FIELDS.map((field) => field.label)).size).toBe(SETTING_FIELDS.length);
    expect(FIELD_GROUPS.every((group) => group.fields.length > 0)).toBe(true);
    expect(SETTING_FIELDS.some((field) => field.help.includes('`'))).toBe(false);
  });

  it.each([
    ['cpu.limitPercent', 'CPU limit'],
    ['memory.warnBytes', 'Memory warning'],
    ['forkBomb.maxDescendants', 'Fork bomb minimum size'],
    ['openFiles.action', 'Open files action'],
    ['stop.graceMs', 'Stop grace'],
  ] as const)('call %s "%s"', (key, label) => expect(labelOf(key)).toBe(label));

  it('read back what they write, for every standard', () => {
    for (const key of WATCH_SETTING_KEYS) {
      expect(parseSetting(key, writeSetting(key, SETTINGS[key].default)), key).toEqual({
        ok: true,
        value: SETTINGS[key].default,
      });
    }
  });

  it('show values with their unit', () => {
    expect(showSetting('cpu.limitPercent', 80)).toBe('80 % of one core');
    expect(showSetting('memory.limitBytes', 500_000_000)).toBe('500 MB');
    expect(showSetting('cooldown.durationMs', 120_000)).toBe('2 min');
    expect(showSetting('restart.delays', true)).toBe('on');
    expect(showSetting('cpu.action', 'lower_priority')).toBe('lower priority');
    expect(showSetting('limits.samples', 1)).toBe('1 reading');
    expect(showSetting('forkBomb.ceiling', 1)).toBe('1 process');
    expect(showSetting('restart.longLimit', null)).toBe('none');
    expect(showSetting('alerts.types', ['crash_detected', 'killed'])).toBe('Crash detected, Killed');
    expect(showSetting('alerts.maintenance', [])).toBe('none');
  });

  it('say what a limit means on this machine', () => {
    const machine = { cores: 4, memoryBytes: 8e9 };
    expect(onThisMachine('cpu.limitPercent', 80, machine)).toBe('= 20 % of this machine');
    expect(onThisMachine('cpu.limitPercent', 500, machine)).toBe('More than this machine has: 400 % on 4 cores');
    expect(onThisMachine('memory.limitBytes', 9e9, machine)).toBe('More than this machine has: 8 GB');
    expect(onThisMachine('memory.limitBytes', 5e9, machine)).toBeNull();
    expect(onThisMachine('cpu.limitPercent', null, machine)).toBeNull();
  });
});
