import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCurrentOutputFile, outputPath, outputStem } from './output-paths';

describe('the name of an output file', () => {
  it('is the name of the watch', () => {
    expect(outputPath('/data/logs', 'web 2.worker_a-b', 'err')).toBe('/data/logs/web 2.worker_a-b.err.log');
    expect(outputStem('Zürich東京')).toBe('Zürich東京');
    expect(outputStem('web#2')).toBe('web#2');
  });

  it('stays in its folder and is accepted by every file system, whatever the watch is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '', '../../x', 'a/b\\c\0')),
        (name) => {
          const file = basename(outputPath('/data/logs', name, 'out'));
          expect(outputPath('/data/logs', name, 'out')).toBe(`/data/logs/${file}`);
          expect(file).not.toMatch(/[/\\\0:*?"<>|]|^\.\.?$/);
          expect(Buffer.byteLength(`${file}.100`)).toBeLessThanOrEqual(255);
          expect(isCurrentOutputFile(file)).toBe(true);
        },
      ),
    );
  });

  it('differs for long names that differ only at their ends', () => {
    const long = '\u{20000}'.repeat(63);
    expect(outputStem(`${long}a`)).not.toBe(outputStem(`${long}b`));
  });

  it('is no device of Windows', () => {
    expect(outputStem('con')).toBe('%con');
    expect(outputStem('LPT1.x')).toBe('%LPT1.x');
    expect(outputStem('console')).toBe('console');
  });

  it('tells the file that is written from the older ones', () => {
    expect(isCurrentOutputFile('web.out.log')).toBe(true);
    expect(isCurrentOutputFile('web.out.log.1')).toBe(false);
    expect(isCurrentOutputFile('web.out.log.part')).toBe(false);
    expect(isCurrentOutputFile('notes.txt')).toBe(false);
  });
});
