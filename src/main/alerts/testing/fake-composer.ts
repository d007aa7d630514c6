import type { AlertPreview, TemplateKit } from '../../../shared/model/alert';
import type { Composer, MessageContent, Telling } from '../message';

/** Says what it was told, in a few words, and keeps it. `fails` makes each text an error, `hangs` makes it wait for ever. */
export class FakeComposer implements Composer {
  readonly tellings: Telling[] = [];
  mode: 'works' | 'fails' | 'hangs' = 'works';

  compose(telling: Telling): Promise<MessageContent> {
    if (this.mode === 'fails') return Promise.reject(new Error('no such variable'));
    if (this.mode === 'hangs') return new Promise(() => undefined);
    this.tellings.push(telling);
    return Promise.resolve({ subject: wordsOf(telling), text: wordsOf(telling), html: '<p></p>', pictures: [] });
  }
  preview(telling: Telling | null): Promise<AlertPreview> {
    return Promise.resolve({ subject: telling === null ? 'made-up' : wordsOf(telling), text: '', html: '' });
  }
  kit(): TemplateKit {
    return { standard: { subject: '', text: '', html: '' }, variables: [] };
  }
}

function wordsOf({ kind, watch, eventCount }: Telling): string {
  return `${kind} ${watch ?? 'all'} ${eventCount}`;
}
