import { useMantineColorScheme } from '@mantine/core';
import { commandsOf, type Command, type CommandPorts } from './commands';
import { focusFilter } from './use-hotkeys';
import { useApp, useAppState } from '../hooks/use-app';
import { togglePause } from '../hooks/toggle-pause';
import { navigate } from '../hooks/use-route';

/** Everything that can be done now, in this window. */
export function useCommands(views: CommandPorts['views']): readonly Command[] {
  const { ui, store, actions, alertActions } = useApp();
  const watches = useAppState((state) => state.live.watches);
  const { setColorScheme } = useMantineColorScheme();
  return commandsOf({
    views,
    watches: watches.values(),
    ui,
    actions,
    alertActions,
    navigate,
    setColorScheme,
    togglePause: () => togglePause(window.location.hash, { ui, store }),
    focusFilter,
  });
}
