import { Button } from '@mantine/core';
import { IconSitemap } from '@tabler/icons-react';
import { useApp } from '../../hooks/use-app';
import { EmptyState } from '../../kit/EmptyState';
import page from '../../kit/Page.module.css';
import { emptyDraft } from '../../drafts/watch-draft';
import classes from './GraphTab.module.css';

/** What stands where the graph will be. */
export function NoWatches() {
  const { ui } = useApp();
  return (
    <div className={page.alone}>
      <EmptyState
        icon={IconSitemap}
        title="No watches yet"
        actions={<Button onClick={() => ui.show({ editor: { kind: 'add', draft: emptyDraft() } })}>Add a watch</Button>}
      >
        The graph shows which watch starts after which. Add the watches first; their dependencies can then be observed
        or added here.
      </EmptyState>
    </div>
  );
}

/** How the first dependencies are made. */
export function NoDependencies() {
  const { ui, actions } = useApp();
  const observe = () => {
    ui.observe({ isShown: true });
    void actions.observeSockets();
  };
  return (
    <div className={classes.none}>
      <span>
        No dependencies are declared. Show which programs connect to which, or drag a watch onto the one that it starts
        after.
      </span>
      <Button size="compact-sm" variant="default" onClick={observe}>
        Show what sockets show
      </Button>
    </div>
  );
}
