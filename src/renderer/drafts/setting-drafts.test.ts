import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../shared/model/settings';
import { changedKeys, draftOf, kindOf, readDraftOf, refusedSetting } from './setting-drafts';

describe('a setting as it is typed', () => {
  it.each([
    ['mail.enabled', 'flag'],
    ['mail.tls', 'choice'],
    ['alerts.types', 'choices'],
    ['mail.to', 'list'],
    ['mail.port', 'number'],
    ['alerts.reminderMs', 'number'],
    ['mail.host', 'text'],
    ['mail.htmlTemplate', 'lines'],
  ] as const)('%s has a field of the kind %s', (key, kind) => expect(kindOf(key)).toBe(kind));

  it('is read back as it was written, for every standard', () => {
    for (const key of SETTING_KEYS) {
      const value = DEFAULT_SETTINGS[key];
      expect(readDraftOf(key, draftOf(key, value)), key).toEqual({ ok: true, value });
    }
  });

  it('may be empty where a value may be missing', () => {
    expect(readDraftOf('mail.host', '  ')).toEqual({ ok: true, value: null });
    expect(readDraftOf('mail.perHour', '')).toMatchObject({ ok: false });
  });

  it('is taken as it stands when it is a text', () => {
    expect(readDraftOf('mail.user', 'none')).toEqual({ ok: true, value: 'none' });
    expect(readDraftOf('mail.textTemplate', 'a\nb\n')).toEqual({ ok: true, value: 'a\nb\n' });
  });

  it.each([
    ['mail.host', 'two words', 'expected the name of a mail server, or none'],
    ['mail.port', '70000', 'expected a whole number from 1 to 65535, or none, got "70000"'],
    ['mail.to', ['ada@example.org', 'ada'], 'expected a mail address, as in ada@example.org, got "ada"'],
    ['mail.timeoutMs', '1 ms', 'expected a duration from 1s to 5min, got "1 ms"'],
  ] as const)('is refused in words: %s %j', (key, draft, problem) => {
    const read = readDraftOf(key, draft);
    expect(read.ok ? '' : read.problem).toMatch(problem.replace('whole ', ''));
  });

  it('counts as a change only where it says something else', () => {
    const drafts = { 'mail.port': '', 'mail.host': 'mail.example.org', 'mail.to': [], 'mail.perHour': 'x' };
    expect(changedKeys(drafts, DEFAULT_SETTINGS)).toEqual(['mail.host', 'mail.perHour']);
  });

  it('knows which one a refusal is about', () => {
    expect(refusedSetting('mail.port: expected a number')).toEqual({ key: 'mail.port', problem: 'expected a number' });
    expect(refusedSetting('the disk is full: nothing was saved')).toBeNull();
  });
});
