import { localTimes } from '../../../shared/lib/format/local-time';
import { templateVariables } from '../../../shared/lib/text/mail-template';
import { secretMask } from '../../../shared/lib/process/mask-secrets';
import type { Templates } from '../../../shared/model/alert';
import type { MailChart } from '../../../shared/model/mail-view';
import type { HistoryPoint, WatchStatus } from '../../../shared/model/snapshot';
import { Refusal } from '../../engine/refusal';
import type { Composer, ComposerSources, InlinePicture, MessageContent, MessageFacts } from '../message';
import { CHART_POINTS, chartOf, chartSpan } from './chart';
import { cleaned, cleaner } from './clean';
import { lastWordsFile } from './last-words-file';
import { exampleAt } from './example';
import { problemsOf, render, SHIPPED } from './render';
import { incidentEvents } from './summary-line';
import { decisiveEvent, viewOf } from './view';

/** What a message is about, gathered. */
interface Gathered {
  facts: MessageFacts;
  status: WatchStatus | null;
  readings: readonly HistoryPoint[];
  now: number;
}

/** How the HTML refers to its pictures. */
type PictureAddress = (picture: InlinePicture) => string;

const byCid: PictureAddress = ({ cid }) => `cid:${cid}`;
const asData: PictureAddress = ({ contentType, base64 }) => `data:${contentType};base64,${base64}`;

/** Makes the texts of messages from templates. Composing never fails: what can't be had is left out. */
export function createComposer(sources: ComposerSources): Composer {
  return {
    async compose(facts) {
      return write(await gather(facts), sources.templates(), byCid);
    },
    async preview(facts, templates) {
      const [wrong] = templates === null ? [] : problemsOf(templates);
      if (wrong !== undefined) throw new Refusal('invalid', wrong.problem);
      const gathered = facts === null ? exampleAt(sources.nowMs()) : await gather(facts);
      const { subject, text, html } = write(gathered, templates ?? sources.templates(), asData);
      return { subject, text, html };
    },
    kit: () => ({ standard: SHIPPED, variables: templateVariables() }),
  };

  async function gather(facts: MessageFacts): Promise<Gathered> {
    const now = sources.nowMs();
    const status = facts.watch === null ? null : sources.watch(facts.watch);
    return { facts, status, now, readings: await readingsAround(facts, status, now) };
  }

  async function readingsAround(
    facts: MessageFacts,
    status: WatchStatus | null,
    now: number,
  ): Promise<readonly HistoryPoint[]> {
    if (status === null) return [];
    const { from } = chartSpan(eventAtOf(facts, now), now);
    try {
      return await sources.samples({ watchId: status.watch.id, sinceAt: from, points: CHART_POINTS });
    } catch {
      // A history that can't be read costs the chart, not the alert.
      return [];
    }
  }

  function write(
    { facts, status, readings, now }: Gathered,
    templates: Templates,
    address: PictureAddress,
  ): MessageContent {
    const times = localTimes(now, sources.timeZone);
    const mask = secretMask(sources.secretValues());
    const clean = cleaner(mask);
    const span = chartSpan(eventAtOf(facts, now), now);
    const drawn = status === null ? null : chartOf(readings, span, status.settings, times, address);
    const raw = viewOf({
      ...{ facts, status, times, now, mask },
      hostname: sources.hostname,
      chart: drawn?.chart ?? null,
      howToOpen: sources.howToOpen(facts.incident?.id ?? null),
      note: noteAbout(templates),
    });
    const view = cleaned(raw, clean);
    return {
      // The address of a picture may be the picture itself, which is no text to be cut.
      ...render(templates, { ...view, chart: withSource(view.chart, drawn?.chart.src ?? '') }),
      pictures: drawn === null ? [] : [{ ...drawn.picture, alt: clean(drawn.picture.alt) }],
      attachments: [facts.lastWords].flatMap((event) =>
        event === null ? [] : (lastWordsFile(event, times, mask) ?? []),
      ),
    };
  }
}

function withSource(chart: MailChart | null, src: string): MailChart | null {
  return chart === null ? null : { ...chart, src };
}

function eventAtOf(facts: MessageFacts, now: number): number {
  const at = Date.parse(decisiveEvent(incidentEvents(facts))?.at ?? '');
  return Number.isNaN(at) ? now : at;
}

function noteAbout(templates: Templates): string {
  const problems = problemsOf(templates).map(({ problem }) => problem);
  if (problems.length === 0) return '';
  return `A custom template could not be used, so this message uses the built-in template. ${problems.slice(0, 3).join('. ')}`;
}
