import { describe, expect, it } from 'vitest';
import { browserCommand } from './browser-command';

describe('opening a browser', () => {
  it.each(['linux', 'darwin', 'win32'])('gives the URL to a program on %s, never to a shell', (platform) => {
    const url = 'http://127.0.0.1:1/?token=a&calc.exe;$(reboot)';
    const command = browserCommand(platform, url);
    expect(command.at(-1)).toBe(url);
    expect(command[0]).not.toMatch(/cmd|sh$/);
  });
});
