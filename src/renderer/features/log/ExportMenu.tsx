import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { eventsCsv } from '../../../shared/lib/text/csv';
import { allEvents } from '../../../shared/lib/events/event-pages';
import type { HealdeckEvent } from '../../../shared/model/event';
import { describeFailure } from '../../api/errors';
import { download } from '../../platform/download';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import type { LogView } from '../../store/ui';
import { announce } from '../../platform/announce';
import { queryOf } from './log-rows';

/** As many as a file may hold. */
const MAX_EXPORTED = 1_000_000;

interface Format {
  label: string;
  extension: string;
  type: string;
  write: (events: readonly HealdeckEvent[]) => string;
}

const FORMATS: readonly Format[] = [
  { label: 'CSV', extension: 'csv', type: 'text/csv', write: eventsCsv },
  {
    label: 'JSON',
    extension: 'json',
    type: 'application/json',
    write: (events) => `${JSON.stringify(events, null, 2)}\n`,
  },
];

/** Saves every event of the history that fits the filter, whether it was loaded or not. */
export function ExportMenu({ view }: { view: LogView }) {
  const { session } = useApp();
  const [isBusy, setBusy] = useState(false);
  const save = async ({ extension, type, write }: Format) => {
    setBusy(true);
    try {
      const events = await session.ask((client) =>
        allEvents((query) => client.events.list(query), queryOf(view, MAX_EXPORTED)),
      );
      download(`healdeck-events.${extension}`, write(events), type);
      announce({ tone: 'ok', title: `Exported ${plural(events.length, 'event')}`, message: 'The oldest comes first.' });
    } catch (error) {
      announce({ tone: 'bad', title: 'Not exported', message: describeFailure(error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 80 }} withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          loading={isBusy}
          leftSection={<IconDownload size={rem(15)} aria-hidden="true" />}
          rightSection={<IconChevronDown size={rem(14)} aria-hidden="true" />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format.extension} onClick={() => void save(format)}>
            All matching events as {format.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
