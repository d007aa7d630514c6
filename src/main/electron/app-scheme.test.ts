import { describe, expect, it, vi } from 'vitest';

// Electron is no module outside of its own runtime; what is tested here needs nothing of it.
vi.mock('electron', () => ({ protocol: {} }));
const { fileOf, isAppUrl } = await import('./app-scheme');

describe('the addresses of the window', () => {
  it('are ours only with our scheme and host', () => {
    expect(isAppUrl('healdeck://dashboard/')).toBe(true);
    expect(isAppUrl('healdeck://dashboard/assets/index.js')).toBe(true);
    for (const url of ['healdeck://elsewhere/', 'https://dashboard/', 'file:///etc/passwd', 'healdeck:dashboard', '']) {
      expect(isAppUrl(url)).toBe(false);
    }
  });

  it('name files below the root and nothing else', () => {
    expect(fileOf('/page', 'healdeck://dashboard/')).toBe('/page/index.html');
    expect(fileOf('/page', 'healdeck://dashboard/assets/a%20b.js')).toBe('/page/assets/a b.js');
    expect(fileOf('/page', 'healdeck://dashboard/../../etc/passwd')).toBe('/page/etc/passwd');
    expect(fileOf('/page', 'healdeck://dashboard/%2e%2e/%2e%2e/etc/passwd')).toBe('/page/etc/passwd');
    expect(fileOf('/page', 'healdeck://dashboard/..%2f..%2fetc%2fpasswd')).toBeNull();
    expect(fileOf('/page', 'healdeck://dashboard/a%00b')).toBeNull();
    expect(fileOf('/page', 'healdeck://dashboard/..%5cb')).toBeNull();
    expect(fileOf('/page', 'healdeck://dashboard/%E0%A4%A')).toBeNull();
  });
});
