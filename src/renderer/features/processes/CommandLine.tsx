import { ActionIcon, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { formatArgv } from '../../../shared/lib/text/argv';
import type { ProcessRow } from '../../../shared/model/process';
import { rem } from '../../format/text-scale';
import { Whole } from '../../kit/Clip';
import classes from './ProcessDrawer.module.css';

/** A command line, whole and as a shell would take it, with a button that copies it. */
export function CommandLine({ argv }: Pick<ProcessRow, 'argv'>) {
  if (argv.length === 0) return 'none';
  const text = formatArgv(argv);
  return (
    <span className={classes.command}>
      <Whole text={text} code />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={copied ? 'Copied' : 'Copy the command line'}
            onClick={copy}
          >
            {copied ? <IconCheck size={rem(16)} aria-hidden="true" /> : <IconCopy size={rem(16)} aria-hidden="true" />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
