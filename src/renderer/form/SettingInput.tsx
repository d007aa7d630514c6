import { MultiSelect, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SettingKey } from '../../shared/model/settings';
import { kindOf } from '../drafts/setting-drafts';
import { choiceWord, fieldOf } from '../drafts/setting-fields';
import type { SettingsForm } from '../hooks/use-settings-form';
import classes from './SettingInput.module.css';
import { unitSection } from './unit-section';

interface SettingInputProps {
  form: SettingsForm;
  setting: SettingKey;
  placeholder?: string;
  /** In the fixed-width font. */
  code?: boolean;
}

/** A setting as a field of a form: label, help, choices and unit come from the table of settings. Its error takes the place of its help, so that nothing moves. */
export function SettingInput({ form, setting, placeholder, code = false }: SettingInputProps) {
  const { label, help, unit, choices } = fieldOf(setting);
  const kind = kindOf(setting);
  const draft = form.draft(setting);
  const given = form.given(setting);
  const error = form.error(setting);
  // The key is what the command line and the documentation call it.
  const common = {
    label: <span title={setting}>{label}</span>,
    error,
    description: error === null ? given === null ? help : <Given variable={given.variable} /> : undefined,
    disabled: given !== null,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    onBlur: () => form.leave(setting),
    'data-setting': setting,
    ...(placeholder === undefined || (Array.isArray(draft) && draft.length > 0) ? {} : { placeholder }),
    classNames: { input: [code || kind === 'lines' ? classes.code : '', classes.input].join(' ') },
  };
  const text = typeof draft === 'string' ? draft : String(draft);
  // What the environment gives is one text, however the setting is kept.
  const list = typeof draft === 'object' ? [...draft] : text.split(',').map((word) => word.trim());
  switch (kind) {
    case 'flag':
      return (
        <Switch
          label={common.label}
          description={common.description}
          error={error}
          disabled={common.disabled}
          checked={draft === true || draft === 'true' || draft === '1'}
          onChange={(event) => form.change(setting, event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={(choices ?? []).map((choice) => ({ value: choice, label: choiceWord(choice) }))}
          value={text}
          allowDeselect={false}
          onChange={(chosen) => chosen !== null && form.change(setting, chosen)}
        />
      );
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={(choices ?? []).map((choice) => ({ value: choice, label: choiceWord(choice) }))}
          value={list}
          onChange={(chosen) => form.change(setting, chosen)}
          searchable
          hidePickedOptions
          classNames={{ ...common.classNames, inputField: classes.search ?? '' }}
        />
      );
    case 'list':
      return (
        <TagsInput
          {...common}
          value={list}
          onChange={(words) => form.change(setting, words)}
          splitChars={[',', ';']}
          acceptValueOnBlur
          clearable={given === null}
          clearButtonProps={{ 'aria-label': `${label}: remove all` }}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...common}
          value={text}
          onChange={(event) => form.change(setting, event.currentTarget.value)}
          spellCheck={false}
        />
      );
    case 'number':
    case 'text':
      return (
        <TextInput
          {...common}
          value={text}
          onChange={(event) => form.change(setting, event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          {...unitSection(unit)}
        />
      );
  }
}

/** Why a field can't be changed. */
export function Given({ variable }: { variable: string }): ReactNode {
  return (
    <span className={classes.given}>
      From the environment variable <code>{variable}</code>; it can't be changed here.
    </span>
  );
}
