import { Radio, Stack } from '@mantine/core';
import type { RestartPolicy } from '../../../../shared/model/watch';
import { RESTART_POLICIES } from '../../../words/present-watch';
import type { Editor } from './use-editor';

/** When a death leads to a restart. Nothing chosen means the default of the kind of target. */
export function RestartField({ editor }: { editor: Editor }) {
  const { form } = editor;
  const { kind, hasStart } = form.values;
  // Without a command nothing can be started again.
  if (kind === 'match' && !hasStart) return null;
  const byDefault: RestartPolicy = kind === 'command' ? 'on-failure' : 'always';
  return (
    <Radio.Group
      label="Restart"
      value={form.values.restart ?? byDefault}
      onChange={(value) => form.setFieldValue('restart', value === byDefault ? null : (value as RestartPolicy))}
    >
      <Stack gap={8} mt={6}>
        {Object.entries(RESTART_POLICIES).map(([policy, { word, help }]) => (
          <Radio
            key={policy}
            value={policy}
            label={policy === byDefault ? `${word} (default)` : word}
            description={help}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
