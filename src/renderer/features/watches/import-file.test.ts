import { describe, expect, it } from 'vitest';
import { readImportFile } from './import-file';

describe('a file to import', () => {
  it('is an exported configuration when it is JSON', () => {
    const text = JSON.stringify({ healdeck: 'configuration', version: 1, settings: {}, watches: [], leftOut: [] });
    expect(readImportFile(`\ufeff ${text}`)).toMatchObject({ ok: true, kind: 'configuration' });
    expect(readImportFile('{"healdeck": 1,\n}')).toEqual({
      ...{ ok: false, kind: 'configuration' },
      problems: ['line 2, column 1: not valid JSON'],
    });
  });

  it('is a list of programs otherwise, which becomes watches with limits', () => {
    const read = readImportFile('nginx 80 500\n');
    expect(read.ok && read.file.watches).toMatchObject([
      { name: 'nginx', overrides: { 'cpu.limitPercent': 80, 'memory.limitBytes': 500e6 }, autostart: true },
    ]);
    expect(readImportFile('nginx eighty 500')).toMatchObject({ ok: false, kind: 'process-list' });
  });
});
