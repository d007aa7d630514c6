import type { AlertPreview, TemplateKit } from '../../../shared/model/alert';
import type { Composer, MessageContent, MessageFacts } from '../message';

/** Summarises what it was given, and keeps it. `fails` makes each text an error, `hangs` makes it wait for ever. */
export class FakeComposer implements Composer {
  readonly composed: MessageFacts[] = [];
  mode: 'works' | 'fails' | 'hangs' = 'works';

  compose(facts: MessageFacts): Promise<MessageContent> {
    if (this.mode === 'fails') return Promise.reject(new Error('no such variable'));
    if (this.mode === 'hangs') return new Promise(() => undefined);
    this.composed.push(facts);
    return Promise.resolve({
      subject: wordsOf(facts),
      text: wordsOf(facts),
      html: '<p></p>',
      pictures: [],
      attachments: [],
    });
  }
  preview(facts: MessageFacts | null): Promise<AlertPreview> {
    return Promise.resolve({ subject: facts === null ? 'made-up' : wordsOf(facts), text: '', html: '' });
  }
  kit(): TemplateKit {
    return { standard: { subject: '', text: '', html: '' }, variables: [] };
  }
}

function wordsOf({ kind, watch, eventCount }: MessageFacts): string {
  return `${kind} ${watch ?? 'all'} ${eventCount}`;
}
