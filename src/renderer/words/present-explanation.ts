import { CERTAINTY_WORDS, TOPIC_WORDS } from '../../shared/events/explanation';
import type { EventData, EvidenceLine } from '../../shared/model/event';
import { EVIDENCE_TOPICS } from '../../shared/model/event';
import type { Tone } from './present-watch';

type Explanation = EventData['death_explained'];

/** How sure a reason is, in a word and a colour. */
export function certaintyOf({ certainty }: Explanation): { word: string; tone: Tone } {
  const tones = { certain: 'ok', very_likely: 'info', likely: 'info', unknown: 'idle' } as const;
  return { word: capital(CERTAINTY_WORDS[certainty]), tone: tones[certainty] };
}

/** The reason as a sentence. */
export function reasonText({ reason }: Explanation): string {
  return `${capital(reason)}.`;
}

/** What shows a reason, by what it is about. */
export function evidenceGroups({ evidence }: Explanation): { title: string; lines: readonly EvidenceLine[] }[] {
  return EVIDENCE_TOPICS.flatMap((topic) => {
    const lines = evidence.filter((line) => line.topic === topic);
    return lines.length === 0 ? [] : [{ title: TOPIC_WORDS[topic], lines }];
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
