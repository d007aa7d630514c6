import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import { templateProblems, templateWriter, type TemplatePart } from '../../../shared/lib/text/mail-template';
import type { Templates } from '../../../shared/model/alert';
import type { MailView } from '../../../shared/model/mail-view';
import shippedHtml from '../../../../resources/mail/body.html?raw';
import shippedText from '../../../../resources/mail/body.txt?raw';
import shippedSubject from '../../../../resources/mail/subject.txt?raw';

/** The templates that come with Healdeck. */
export const SHIPPED: Readonly<Record<TemplatePart, string>> = {
  subject: shippedSubject,
  text: shippedText,
  html: shippedHtml,
};

/** The longest subject, in characters. */
export const MAX_SUBJECT = 200;

/** What is wrong with templates that are not the shipped ones, with the name of the setting; empty when nothing is. */
export function problemsOf(templates: Templates): readonly { part: TemplatePart; problem: string }[] {
  return (['subject', 'text', 'html'] as const).flatMap((part) =>
    templateProblems(part, templates[part] ?? '').map((problem) => ({
      part,
      problem: `mail.${part}Template: ${problem}`,
    })),
  );
}

/** A message from a view whose texts are clean. Never throws: where a template can't be used the shipped one is. */
export function render(templates: Templates, view: MailView): Record<TemplatePart, string> {
  return {
    subject: oneLine(fill('subject', templates, view)) || oneLine(fill('subject', null, view)),
    text: fill('text', templates, view),
    html: fill('html', templates, view),
  };
}

function fill(part: TemplatePart, templates: Templates | null, view: MailView): string {
  const own = templates?.[part] ?? null;
  // In HTML values are escaped by mustache.js; elsewhere they are printable lines, which is all that is asked for.
  const config = part === 'html' ? {} : { escape: String };
  if (own !== null && templateProblems(part, own).length === 0) {
    try {
      return templateWriter().render(own, view, undefined, config);
    } catch {
      // What a template does that was checked can't be known for sure; the mail matters more.
    }
  }
  return templateWriter().render(SHIPPED[part], view, undefined, config);
}

/** A template may have line breaks of its own, which would end the header. */
function oneLine(text: string): string {
  return truncate(escapeUnprintable(text.trim()), MAX_SUBJECT);
}
