import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../engine/refusal';
import type { StorageNotice } from '../files/notice';
import { SecretFileStore, type Keyring, type SecretStoreOptions } from './secret-store';

/** Opens only what it has closed itself: each has its own key. */
class FakeKeyring implements Keyring {
  refuses: string | null = null;
  constructor(private readonly key: string) {}
  isAvailable(): boolean {
    return true;
  }
  encrypt(text: string): string {
    if (this.refuses !== null) throw new Error(this.refuses);
    return Buffer.from(JSON.stringify({ key: this.key, text: [...text].reverse().join('') })).toString('base64');
  }
  decrypt(base64: string): string {
    const { key, text } = JSON.parse(Buffer.from(base64, 'base64').toString()) as { key: string; text: string };
    if (key !== this.key) throw new Error('Error while decrypting the ciphertext');
    return [...text].reverse().join('');
  }
}

let root: string;
let file: string;
let reported: StorageNotice[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-secrets-'));
  file = join(root, 'secrets.json');
  reported = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (changes: Partial<SecretStoreOptions> = {}) =>
  new SecretFileStore({
    ...{ file, env: {}, keyring: null, nowMs: () => Date.UTC(2026, 10, 22), notify: (notice) => reported.push(notice) },
    ...changes,
  });

describe('secrets without a keyring', () => {
  it('are kept in a file of their own that only the user can read, and the next engine has them', () => {
    expect(open().list()).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect(open().set('mail.password', 'grüße, "geheim"\n')).toEqual([{ name: 'mail.password', where: 'file' }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('geheim');
    expect(open().read('mail.password')).toBe('grüße, "geheim"\n');
    expect(open().read('webhook.key')).toBeNull();
  });

  it('are read from a file with a byte order mark', () => {
    open().set('mail.password', 'canary');
    writeFileSync(file, `\ufeff${readFileSync(file, 'utf8')}`);
    expect(open().read('mail.password')).toBe('canary');
    expect(reported.map(({ severity }) => severity)).not.toContain('high');
  });

  it('are not read through a symbolic link', () => {
    open().set('mail.password', 'canary');
    renameSync(file, join(root, 'elsewhere'));
    symlinkSync('elsewhere', file);
    const store = open();
    expect(store.read('mail.password')).toBeNull();
    expect(store.warnings()[0]).toContain('is a symbolic link');
  });

  it('are told to be so once, and warned of as long as it is so', () => {
    const store = open();
    expect(store.warnings()).toEqual([]);
    store.set('mail.password', 'canary');
    store.set('webhook.key', 'canary');
    expect(reported).toEqual([
      { topic: 'secrets.json', severity: 'warning', detail: expect.stringContaining('mail.password is not encrypted') },
    ]);
    expect(open().warnings()).toEqual([expect.stringMatching(/^mail.password, webhook.key are not encrypted.*0600/)]);
    expect(reported).toHaveLength(1);
    store.set('mail.password', null);
    store.set('webhook.key', null);
    expect(store.warnings()).toEqual([]);
  });

  it('leave no trace when they are removed, in the backup neither', () => {
    const store = open();
    store.set('webhook.key', 'canary');
    expect(store.set('webhook.key', null)).toEqual([]);
    expect(store.set('webhook.key', null)).toEqual([]);
    const left = readdirSync(root).map((name) => readFileSync(join(root, name), 'utf8'));
    expect(left).toHaveLength(2);
    expect(left.join()).not.toContain(Buffer.from('canary').toString('base64'));
  });

  it('of several servers have names of their own', () => {
    const store = open();
    store.set('mail.password', 'one');
    store.set('mail.password@mail.example.org', 'two');
    expect(store.read('mail.password@mail.example.org')).toBe('two');
    expect([...store.values()].sort()).toEqual(['one', 'two']);
  });

  it('tell those who listen of each change, until they do not any more', () => {
    const store = open();
    let changes = 0;
    const stop = store.subscribe(() => (changes += 1));
    store.set('mail.password', 'x');
    store.set('mail.password', null);
    stop();
    store.set('mail.password', 'y');
    expect(changes).toBe(2);
  });
});

describe('secrets with a keyring', () => {
  it('are in the file as only the keyring can open them', () => {
    const keyring = new FakeKeyring('ada');
    open({ keyring }).set('mail.password', 'canary');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(Buffer.from('canary').toString('base64'));
    const next = open({ keyring });
    expect(next.list()).toEqual([{ name: 'mail.password', where: 'keyring' }]);
    expect(next.read('mail.password')).toBe('canary');
    expect(next.warnings()).toEqual([]);
    expect(reported).toEqual([]);
  });

  it.each([
    { who: 'an engine without one', keyring: null },
    { who: 'an engine with another one', keyring: new FakeKeyring('bob') },
  ])('are locked for $who, which says what to do, and may set them anew', ({ keyring }) => {
    open({ keyring: new FakeKeyring('ada') }).set('mail.password', 'canary');
    const store = open({ keyring });
    expect(store.list()).toEqual([{ name: 'mail.password', where: 'locked' }]);
    expect(store.read('mail.password')).toBeNull();
    expect(store.values()).toEqual([]);
    expect(store.warnings()).toEqual([
      expect.stringMatching(/healdeck secrets set mail\.password.*HEALDECK_SMTP_PASSWORD/),
    ]);
    expect(reported).toEqual([{ topic: 'secrets.json', severity: 'high', detail: store.warnings()[0] }]);
    store.set('mail.password', 'new');
    expect(store.read('mail.password')).toBe('new');
  });

  it('stay locked beside others that are set', () => {
    const ada = new FakeKeyring('ada');
    open({ keyring: ada }).set('mail.password', 'canary');
    open().set('webhook.key', 'plain');
    expect(open({ keyring: ada }).read('mail.password')).toBe('canary');
  });

  it('that does not work count as having none', () => {
    const keyring = Object.assign(new FakeKeyring('ada'), { isAvailable: () => false });
    expect(open({ keyring }).set('mail.password', 'x')).toEqual([{ name: 'mail.password', where: 'file' }]);
  });

  it('that refuses change nothing', () => {
    const keyring = new FakeKeyring('ada');
    const store = open({ keyring });
    keyring.refuses = 'the keyring is locked';
    expect(() => store.set('mail.password', 'x')).toThrow(/keyring is locked.*nothing was changed/);
    expect(store.list()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});

describe('secrets of the environment', () => {
  const env = { HEALDECK_SMTP_PASSWORD: 'p', HEALDECK_WEBHOOK_URL: 'u', HEALDECK_WEBHOOK_KEY: 'k' };

  it('win over those in the file, are never written, and can only be changed there', () => {
    open().set('mail.password', 'old');
    const before = readFileSync(file, 'utf8');
    const store = open({ env });
    expect(store.list()).toEqual(
      ['mail.password', 'webhook.key', 'webhook.url'].map((name) => ({ name, where: 'environment' })),
    );
    expect(['mail.password', 'webhook.url', 'webhook.key'].map((name) => store.read(name))).toEqual(['p', 'u', 'k']);
    expect(() => store.set('mail.password', 'x')).toThrow(/HEALDECK_SMTP_PASSWORD/);
    expect(() => store.set('mail.password', null)).toThrow(Refusal);
    expect(readFileSync(file, 'utf8')).toBe(before);
    // What is overridden is no less a secret.
    expect([...store.values()].sort()).toEqual(['k', 'old', 'p', 'u']);
    expect(store.warnings()).toEqual([]);
  });

  it('give nothing when they are empty', () => {
    expect(open({ env: { HEALDECK_SMTP_PASSWORD: '' } }).list()).toEqual([]);
  });
});

describe('secrets.json', () => {
  it('that is damaged is set aside, and the last good one is used', () => {
    open().set('mail.password', 'canary');
    writeFileSync(file, '{"version": 1, "secrets": {"mail.password": "canary"}}');
    expect(open().read('mail.password')).toBe('canary');
    expect(reported.at(-1)).toMatchObject({ topic: 'secrets.json', severity: 'high' });
    expect(reported.at(-1)?.detail).toContain('secrets.json can\'t be used (line 1, secrets["mail.password"]: ');
    expect(reported.map(({ detail }) => detail).join()).not.toContain('canary');
    const [aside = ''] = readdirSync(root).filter((name) => name.startsWith('secrets.json.corrupt-'));
    expect(statSync(join(root, aside)).mode & 0o777).toBe(0o600);
  });

  it('that is damaged with its backup costs the secrets, not the engine', () => {
    writeFileSync(file, '{"version": 1, "sec');
    const store = open();
    expect(store.list()).toEqual([]);
    expect(reported).toEqual([expect.objectContaining({ severity: 'critical' })]);
    expect(store.set('mail.password', 'x')).toHaveLength(1);
  });

  it("that can't be read is left alone and warned of", () => {
    mkdirSync(file);
    const store = open({ env: { HEALDECK_WEBHOOK_KEY: 'k' } });
    expect(store.read('webhook.key')).toBe('k');
    expect(store.warnings()).toEqual([expect.stringContaining("secrets.json can't be read")]);
    expect(reported).toEqual([expect.objectContaining({ severity: 'high' })]);
    expect(() => store.set('mail.password', 'canary')).toThrow(/Nothing was changed/);
    expect(store.list()).toEqual([{ name: 'webhook.key', where: 'environment' }]);
  });

  it("that can't be written refuses the change and says so", () => {
    const store = open();
    rmSync(root, { recursive: true });
    expect(() => store.set('mail.password', 'canary')).toThrow(/could not be saved.*nothing was changed/);
    expect(store.list()).toEqual([]);
    expect(store.values()).toEqual([]);
  });
});
