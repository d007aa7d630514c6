import { Kbd, Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState, type KeyboardEvent } from 'react';
import { findCommands, withRecent, type Command } from '../commands';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { navigate } from '../../hooks/use-route';
import { useScrollTo } from '../../hooks/use-scroll-to';
import classes from './Palette.module.css';

/** Most commands that are listed: who doesn't find theirs types another letter. */
const LISTED = 60;

/** Everything that can be done, found by typing. */
export function Palette({ commands }: { commands: readonly Command[] }) {
  const { ui } = useApp();
  const opened = useUiState((state) => state.over === 'palette');
  const close = () => ui.show({ over: null });
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      size={620}
      yOffset="12vh"
      padding={0}
      transitionProps={{ duration: 80 }}
    >
      <Search commands={commands} onClose={close} />
    </Modal>
  );
}

function Search({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const { ui } = useApp();
  const recent = useUiState((state) => state.recentCommands);
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(0);
  const found = findCommands(commands, query, recent, navigate).slice(0, LISTED);
  const chosen = Math.min(wanted, found.length - 1);
  useScrollTo(found.length === 0 ? null : optionId(chosen), 'nearest');

  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    ui.rememberCommands(withRecent(recent, command.id));
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + 8, PageUp: chosen - 8 }[event.key];
    if (event.key === 'Enter') run(found[chosen]);
    else if (next === undefined) return;
    // One step beyond an end leads to the other one.
    else if (next === -1 || next === found.length) setWanted(next === -1 ? found.length - 1 : 0);
    else setWanted(Math.max(0, Math.min(found.length - 1, next)));
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls="commands"
        aria-autocomplete="list"
        aria-activedescendant={found.length === 0 ? undefined : optionId(chosen)}
        placeholder="What do you want to do? A number opens an incident"
        size="md"
        variant="unstyled"
        leftSection={<IconSearch size={rem(18)} aria-hidden="true" />}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setWanted(0);
        }}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <ul id="commands" role="listbox" aria-label="Commands" className={classes.list}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosen}
            className={classes.option}
            onMouseMove={() => setWanted(index)}
            onClick={() => run(command)}
          >
            <span className={classes.title}>{command.title}</span>
            <span className={classes.group}>{command.group}</span>
            <Keys keys={command.keys ?? []} />
          </li>
        ))}
      </ul>
      <p role="status" className={classes.none}>
        {found.length === 0 ? 'No matching commands.' : ''}
      </p>
    </>
  );
}

function optionId(index: number): string {
  return `command-${index}`;
}

/** Keys that are pressed one after the other. */
export function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className={classes.keys}>
      {keys.map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  );
}
