import { UnstyledButton } from '@mantine/core';
import { IconFileImport, IconListSearch, IconShieldCheck, IconTerminal2, type Icon } from '@tabler/icons-react';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import { navigate } from '../../hooks/use-route';
import { emptyDraft } from '../../drafts/watch-draft';
import classes from './FirstRun.module.css';

/** What stands where watches will be: the ways to the first one. */
export function FirstRun() {
  const { ui } = useApp();
  return (
    <section className={classes.page} aria-labelledby="first-run">
      <h2 id="first-run">Add your first watch</h2>
      <p>
        When a watched program dies, Healdeck detects it at once and restarts it with the same arguments, directory and
        environment. Each of these ways takes less than a minute.
      </p>
      <ul className={classes.ways}>
        <Way
          icon={IconListSearch}
          title="Pick a running process"
          onClick={() => navigate({ tab: 'processes', item: null })}
        >
          Choose it in the table of all processes; it keeps running.
        </Way>
        <Way
          icon={IconTerminal2}
          title="Start a command"
          onClick={() => ui.show({ editor: { kind: 'add', draft: emptyDraft('command') } })}
        >
          Healdeck starts it, keeps its output and reports why it ends.
        </Way>
        <Way icon={IconShieldCheck} title="Run the drill" onClick={() => ui.show({ drill: true })}>
          Harmless programs misbehave on purpose: see how fast each is healed on this machine.
        </Way>
        <Way icon={IconFileImport} title="Import a file" onClick={() => ui.show({ importing: true })}>
          A configuration that was exported, or a list of programs with their limits.
        </Way>
      </ul>
    </section>
  );
}

interface WayProps {
  icon: Icon;
  title: string;
  children: string;
  onClick: () => void;
}

function Way({ icon: Shape, title, children, onClick }: WayProps) {
  return (
    <li>
      <UnstyledButton className={classes.way} onClick={onClick}>
        <Shape size={rem(26)} stroke={1.6} aria-hidden="true" />
        <strong>{title}</strong>
        <span>{children}</span>
      </UnstyledButton>
    </li>
  );
}
