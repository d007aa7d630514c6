import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitLines, wrapTo } from './wrap-to';

describe('text in lines', () => {
  it('breaks between words, and a word only where it is longer than a line', () => {
    expect(wrapTo('port 8101 is in use', 10)).toEqual(['port 8101', 'is in use']);
    expect(wrapTo('a /srv/applications/web b', 8)).toEqual(['a', '/srv/app', 'lication', 's/web b']);
    expect(wrapTo('日本語', 2)).toEqual(['日', '本', '語']);
  });

  it('goes on below a line with its indentation, or hanging', () => {
    expect(fitLines('state  port 8101 is in use\n    why it is so', 16)).toBe(
      'state  port\n    8101 is in\n    use\n    why it is so',
    );
    expect(fitLines('    why it is so at all', 16)).toBe('    why it is so\n    at all');
    expect(fitLines('however long it may be', null)).toBe('however long it may be');
  });

  it('is never wider than the terminal, and nothing is cut', () => {
    const text = fc.array(fc.stringMatching(/^[a-zäé日-]{1,60}$/), { maxLength: 30 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.integer({ min: 12, max: 80 }), (line, columns) => {
        const fitted = fitLines(line, columns);
        for (const each of fitted.split('\n')) expect(stringWidth(each)).toBeLessThanOrEqual(columns);
        expect(fitted.replaceAll(/\s/g, '')).toBe(line.replaceAll(/\s/g, ''));
      }),
    );
  });
});
