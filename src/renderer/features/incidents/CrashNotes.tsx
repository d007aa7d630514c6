import { Anchor } from '@mantine/core';
import { timesText } from '../../words/present-crash';
import { formatRoute } from '../../store/route';
import { useCrash } from '../../hooks/use-crashes';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';

/** The crashes of an incident, each with its number of occurrences. */
export function CrashNotes({ crashes }: { crashes: readonly { id: string; title: string }[] }) {
  return (
    <>
      {crashes.map((crash) => (
        <CrashNote key={crash.id} crash={crash} />
      ))}
    </>
  );
}

function CrashNote({ crash: { id, title } }: { crash: { id: string; title: string } }) {
  const answer = useCrash(id);
  const crash = answer.kind === 'answered' ? answer.value : null;
  return (
    <div>
      <Anchor href={formatRoute({ tab: 'crashes', item: id })} size="sm" c="var(--hd-link)">
        <Clip text={title} />
      </Anchor>
      <span className={table.sub}>{crash === null ? ' ' : timesText(crash)}</span>
    </div>
  );
}
