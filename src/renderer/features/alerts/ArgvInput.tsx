import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatArgv, parseArgv } from '../../../shared/lib/text/argv';
import type { SettingKey } from '../../../shared/model/settings';
import { fieldOf } from '../../drafts/setting-fields';
import { useAppState } from '../../hooks/use-app';
import type { SettingsForm } from '../../hooks/use-settings-form';
import field from '../../form/SettingInput.module.css';
import { Words } from '../../kit/Words';

/** A program and its arguments as one line, by the quoting of a shell; how it is read stands below. */
export function ArgvInput({ form, setting }: { form: SettingsForm; setting: SettingKey }) {
  const windows = useAppState((state) => state.live.engine?.platform === 'win32');
  const { label, help } = fieldOf(setting);
  const draft = form.draft(setting);
  const argv = typeof draft === 'object' ? draft : [];
  // The text as it was typed, as long as it still says what the form holds.
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = parseArgv(typed ?? '', { windows });
  const isOwn = typed !== null && (!parsed.ok || parsed.argv.join('\0') === argv.join('\0'));
  const text = isOwn ? typed : formatArgv(argv);
  const error = isOwn && !parsed.ok ? parsed.error : form.error(setting);
  return (
    <div>
      <TextInput
        label={label}
        placeholder="/usr/local/bin/notify-us --channel ops"
        description={error === null ? `${help} Quotes work as in a shell; empty: off.` : undefined}
        error={error}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={text}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setTyped(next);
          const read = parseArgv(next, { windows });
          // What can't be read is refused by the rule of the setting: no word holds a NUL.
          form.change(setting, read.ok ? read.argv : ['\0']);
        }}
        onBlur={() => form.leave(setting)}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: field.code ?? '' }}
      />
      {argv.length === 0 || error !== null ? null : <Words label="Arguments as parsed" words={argv} />}
    </div>
  );
}
