import { ActionIcon, Button, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconCommand, IconPlus } from '@tabler/icons-react';
import { COLOR_SCHEMES } from '../platform/color-scheme';
import { rem } from '../format/text-scale';
import { emptyDraft } from '../drafts/watch-draft';
import { useApp } from '../hooks/use-app';
import classes from './Shell.module.css';

/** Brand, and what can be done from everywhere. */
export function Header() {
  const { ui } = useApp();
  return (
    <header className={classes.header}>
      <div className={classes.brand}>
        <Logo />
        Healdeck
      </div>
      <Button
        ms="auto"
        leftSection={<IconPlus size={rem(16)} aria-hidden="true" />}
        onClick={() => ui.show({ editor: { kind: 'add', draft: emptyDraft() } })}
      >
        Add watch
      </Button>
      <Tooltip label="Find a command (Ctrl+K)" openDelay={400} withArrow>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Find a command"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => ui.show({ over: 'palette' })}
        >
          <IconCommand size={rem(18)} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
      <SchemeToggle />
    </header>
  );
}

function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon: Shape, word, next } = COLOR_SCHEMES[colorScheme];
  const label = `Colour scheme: ${word.toLowerCase()}. Change to ${COLOR_SCHEMES[next].word.toLowerCase()}`;
  return (
    <Tooltip label={label} openDelay={400} withArrow>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={() => setColorScheme(next)}>
        <Shape size={rem(18)} stroke={1.7} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

function Logo() {
  return (
    <svg width={rem(26)} height={rem(26)} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4353d6" />
      <path
        d="M4 17h6l3-8 6 14 3-6h6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
