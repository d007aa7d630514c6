import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictsOf, DEFAULT_SETTINGS } from '../../model/settings';
import { templateProblems, templateVariables } from './mail-template';

describe('a template', () => {
  it.each([
    'no variables at all',
    '[{{machine}}] {{summary}}',
    '{{#facts}}{{label}}: {{value}} on {{machine}}{{/facts}}',
    '{{#facts.length}}{{facts.length}} facts{{/facts.length}}{{^facts}}none{{/facts}}',
    '{{#chart}}{{src}} {{#panels}}{{name}}{{/panels}}{{/chart}} {{chart.alt}}',
    '{{#timeline}}{{tone.mark}}{{/timeline}}{{tone.word}}',
    '{{#watch}}{{.}}{{/watch}}',
    '{{! a remark }}',
  ])('may say %j', (template) => expect(templateProblems('html', template)).toEqual([]));

  it.each([
    ['a\n{{wacth}}', 'line 2: no variable is called {{wacth}}; did you mean: {{watch}}'],
    ['{{constructor}}', 'line 1: no variable is called {{constructor}}; there are {{machine}}, {{summary}}'],
    ['{{tone.colour}}', 'line 1: no variable is called {{tone.colour}}'],
    ['{{label}}', 'line 1: no variable is called {{label}}'],
    ['{{#facts}}\n\n{{lable}}{{/facts}}', 'line 3: no variable is called {{lable}}; did you mean: {{label}}'],
    ['{{#fact}}{{nothing}}{{/fact}}', 'line 1: no variable is called {{fact}}; did you mean: {{facts}}'],
    ['{{.}}', 'line 1: no variable is called {{.}}'],
    ['{{facts}}', 'line 1: {{facts}} is not a text; write {{#facts}} … {{/facts}} around {{label}} {{value}} {{code}}'],
    ['{{tone}}', 'line 1: {{tone}} is not a text'],
    ['{{facts.0}}', 'line 1: no variable is called {{facts.0}}'],
    ['{{machine', 'line 1: expected }}, which ends a {{'],
    ['a\n\n{{/watch}}', 'line 3: {{/watch}} ends a section that was never opened'],
    ['{{#facts}}\n{{label}}', 'line 2: expected {{/facts}}, which ends {{#facts}}'],
    ['{{#facts}}{{#watch}}{{/facts}}{{/watch}}', 'line 1: expected {{/watch}}, which ends {{#watch}}'],
    ['{{>header}}', 'line 1: {{>header}} includes another template, which is not supported'],
    ['\n{{=<% %>=}}', 'line 2: other delimiters than {{ and }} are not allowed'],
    ['{{{summary}}}', 'line 1: {{{summary}}} would not be escaped; write {{summary}}'],
    ['{{&summary}}', 'line 1: {{{summary}}} would not be escaped; write {{summary}}'],
  ])('may not say %j', (template, problem) => {
    expect(templateProblems('html', template)[0]).toContain(problem);
  });

  it('may leave values as they are where nothing is escaped', () => {
    expect(templateProblems('text', '{{{summary}}} {{&watch}}')).toEqual([]);
    expect(templateProblems('text', '{{{sumary}}}')).toEqual([
      'line 1: no variable is called {{sumary}}; did you mean: {{summary}}',
    ]);
  });

  it('is judged, whatever it is', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '#',
      '/',
      '^',
      '=',
      '>',
      '&',
      '!',
      '.',
      'watch',
      'facts',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 20 }),
        (pieces) => {
          for (const problem of templateProblems('html', pieces.join(''))) expect(problem).toMatch(/^(?:line \d+: )?./);
        },
      ),
    );
  });

  it('may say all that is listed', () => {
    const listed = templateVariables();
    expect(listed).toContainEqual({ name: 'tone.word', help: 'the same as a word for people' });
    expect(listed.find(({ name }) => name === '#facts')?.help).toContain(
      'up to {{/facts}}, for each: {{label}} {{value}}',
    );
    for (const { name } of listed) {
      expect(templateProblems('html', `{{${name}}}${name.startsWith('#') ? `{{/${name.slice(1)}}}` : ''}`)).toEqual([]);
    }
  });

  it('that is wrong is a conflict of the settings', () => {
    expect(conflictsOf({ ...DEFAULT_SETTINGS, 'mail.textTemplate': 'x\n{{wacth}}' })).toEqual([
      'mail.textTemplate: line 2: no variable is called {{wacth}}; did you mean: {{watch}}, {{facts}}',
    ]);
  });
});
