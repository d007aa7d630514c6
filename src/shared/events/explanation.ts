import { EVIDENCE_TOPICS, type Certainty, type EvidenceLine, type EvidenceTopic } from '../model/event-parts';
import type { EventDefinition } from './definition';

/** In a sentence, before the reason. */
export const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  certain: 'certain',
  very_likely: 'very likely',
  likely: 'likely',
  unknown: 'not known',
};

export const TOPIC_WORDS: Readonly<Record<EvidenceTopic, string>> = {
  how: 'How it ended',
  who: 'Who ended it',
  around: 'At that time',
  changed: 'Changed since its last good start',
};

/** Why a process has ended, as far as that shows. It follows the event of the end, once the evidence has been gathered. */
export const deathExplained: EventDefinition<
  'death_explained',
  {
    /** The likeliest reason, to follow the name of the watch and a colon. */
    reason: string;
    certainty: Certainty;
    evidence: readonly EvidenceLine[];
    /** The name of a file that was changed before it, where the reason names that; absent: none. */
    changedFile?: string;
  }
> = {
  type: 'death_explained',
  label: 'End explained',
  counted: ['explanation', 'explanations'],
  part: 'aside',
  isAside: true,
  line: ({ data }) => ({
    action: 'Explained end',
    details: [`(${CERTAINTY_WORDS[data.certainty]})`, data.reason],
  }),
  facts: ({ data }) => [
    { label: `Why it ended (${CERTAINTY_WORDS[data.certainty]})`, value: data.reason },
    ...EVIDENCE_TOPICS.flatMap((topic) => {
      const lines = data.evidence.filter((line) => line.topic === topic);
      const value = lines.map(({ text, source }) => `${text} (${source})`).join('; ');
      return value === '' ? [] : [{ label: TOPIC_WORDS[topic], value }];
    }),
  ],
};
