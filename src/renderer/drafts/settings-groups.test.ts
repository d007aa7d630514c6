import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, resolveSettings, SETTING_KEYS } from '../../shared/model/settings';
import { watchStatus } from '../testing/samples';
import {
  isChanged,
  ownersOf,
  profileChanges,
  isBasic,
  searchSettings,
  SETTINGS_GROUPS,
  defaultOf,
} from './settings-groups';

const shown = SETTINGS_GROUPS.flatMap(({ keys }) => keys);

describe('the groups of settings', () => {
  it('have each setting once, except the profile and those of the view of alerts', () => {
    const elsewhere = SETTING_KEYS.filter((key) => /^(profile$|alerts|mail|desktop|webhook|command)/.test(key));
    expect([...shown, ...elsewhere].toSorted()).toEqual(SETTING_KEYS.toSorted());
    expect(SETTINGS_GROUPS.every(({ id }) => id !== 'others')).toBe(true);
  });

  it('are searched by name, key, help and group, all words wanted', () => {
    const keys = (text: string) => searchSettings(text).flatMap((group) => group.keys);
    expect(keys('cooldown.maxMs')).toContain('cooldown.maxMs');
    expect(keys('maximum COOLDOWN')).toContain('cooldown.maxMs');
    expect(keys('private memory lowest')).toEqual(['memoryLeak.rule']);
    expect(keys('history days')).not.toContain('history.maxBytes');
    expect(keys('no such words')).toEqual([]);
    expect(keys(' ')).toEqual(shown);
  });

  it('can be only those that were changed', () => {
    const inForce = resolveSettings({ 'cpu.limitPercent': 80 });
    expect(searchSettings('', (key) => isChanged(key, inForce)).map(({ id, keys }) => [id, keys])).toEqual([
      ['limits', ['cpu.limitPercent']],
    ]);
  });
});

describe('a setting', () => {
  it('is changed when it is not what the profile says', () => {
    const inForce = resolveSettings({ profile: 'classic', 'limits.samples': 5 });
    expect(isChanged('limits.samples', inForce)).toBe(true);
    expect(defaultOf('limits.samples', inForce)).toBe(1);
    expect(isChanged('limits.violations', inForce)).toBe(false);
  });

  it('is basic or advanced: of each group some few come first, if any', () => {
    for (const { id, keys } of SETTINGS_GROUPS) {
      expect(keys.filter(isBasic).length, id).toBeLessThanOrEqual(8);
      expect(keys.filter(isBasic).length, id).toBeGreaterThan(0);
    }
    expect(isBasic('stop.graceMs')).toBe(true);
    expect(isBasic('restart.jitterPercent')).toBe(false);
  });

  it('names the watches that have their own', () => {
    const own = (id: string, limit?: number) => {
      const status = watchStatus({ id });
      const overrides = limit === undefined ? {} : { 'cpu.limitPercent': limit };
      return { ...status, watch: { ...status.watch, name: id, overrides } };
    };
    expect(ownersOf('cpu.limitPercent', [own('web', 80), own('db'), own('api', 50)])).toEqual(['api', 'web']);
  });
});

describe('another profile', () => {
  it('changes what it says, and leaves what was set', () => {
    const inForce = resolveSettings({ 'limits.samples': 7, 'cpu.limitPercent': 80 });
    const changes = profileChanges(inForce, 'classic');
    expect(changes).toContainEqual({ key: 'limits.violations', from: 3, to: 1 });
    expect(changes).toContainEqual({ key: 'restart.longLimit', from: 20, to: null });
    expect(changes.map(({ key }) => key)).not.toContain('limits.samples');
    expect(changes.map(({ key }) => key)).not.toContain('cpu.limitPercent');
  });

  it('changes nothing when it is in force', () => expect(profileChanges(DEFAULT_SETTINGS, 'default')).toEqual([]));

  it('can be left again without a trace', () => {
    const back = profileChanges(resolveSettings({ profile: 'classic' }), 'default');
    expect(back.every(({ key, to }) => to === DEFAULT_SETTINGS[key])).toBe(true);
    expect(back.length).toBeGreaterThan(5);
  });
});
