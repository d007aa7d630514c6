import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { rem } from '../format/text-scale';
import { useCopied } from '../hooks/use-copied';

/** Puts a text on the clipboard, which is made when it is pressed. */
export function CopyTextButton({ label, text }: { label: string; text: () => string }) {
  const { copied, copy } = useCopied();
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={
        copied ? <IconCheck size={rem(15)} aria-hidden="true" /> : <IconCopy size={rem(15)} aria-hidden="true" />
      }
      onClick={() => copy(text())}
    >
      {copied ? 'Copied' : label}
    </Button>
  );
}
