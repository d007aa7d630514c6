import { Button, SimpleGrid } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPencil, IconRestore } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import { sameValue, type SettingKey, type Settings } from '../../../shared/model/settings';
import { plural } from '../../format/format';
import { draftOf, readDraftOf } from '../../drafts/setting-drafts';
import { labelOf, onThisMachine, showSetting } from '../../drafts/setting-fields';
import { defaultOf, isBasic, isChanged, ownersOf, type SettingsGroup } from '../../drafts/settings-groups';
import { rem } from '../../format/text-scale';
import { useAppState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import type { SettingsForm } from '../../hooks/use-settings-form';
import { SettingInput } from '../../form/SettingInput';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './SettingsTab.module.css';

interface GroupCardProps {
  id: string;
  group: SettingsGroup;
  form: SettingsForm;
  inForce: Settings;
  /** Also those that few change: they are what was searched for. */
  whole: boolean;
}

/** Settings that belong together: those that most operators come for and those that are changed, then on demand the others. */
export function GroupCard({ id, group, form, inForce, whole }: GroupCardProps) {
  const [isOpen, setOpen] = useState(false);
  const isFirst = (key: SettingKey) =>
    whole || isBasic(key) || isChanged(key, inForce) || form.isChanged(key) || form.error(key) !== null;
  const more = group.keys.filter((key) => !isFirst(key)).length;
  const shown = isOpen ? group.keys : group.keys.filter(isFirst);
  const away = group.keys.filter((key) => !isStandard(key, form, inForce));
  return (
    <section id={id} className={classes.card} aria-label={group.title}>
      <div className={classes.head}>
        <h2>{group.title}</h2>
        {away.length === 0 ? null : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRestore size={rem(15)} aria-hidden="true" />}
            onClick={() => form.changeAll(Object.fromEntries(away.map((key) => [key, standardDraft(key, inForce)])))}
          >
            Reset {plural(away.length, 'setting')} to default
          </Button>
        )}
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xl" verticalSpacing="lg">
        {shown.map((key) => (
          <SettingRow key={key} setting={key} form={form} inForce={inForce} />
        ))}
      </SimpleGrid>
      {more === 0 ? null : (
        <Button
          className={classes.more}
          size="compact-sm"
          variant="subtle"
          aria-expanded={isOpen}
          rightSection={
            isOpen ? (
              <IconChevronUp size={rem(15)} aria-hidden="true" />
            ) : (
              <IconChevronDown size={rem(15)} aria-hidden="true" />
            )
          }
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'} {plural(more, 'advanced setting')}
        </Button>
      )}
    </section>
  );
}

interface SettingRowProps {
  setting: SettingKey;
  form: SettingsForm;
  inForce: Settings;
}

/** Drawn again only when something about this setting is another: all of them at each key would be too slow to type. */
const SettingRow = memo(function SettingRow({ setting, form, inForce }: SettingRowProps) {
  const cores = useCores();
  const memoryBytes = useAppState(({ live }) => live.machine?.memoryTotalBytes ?? 0);
  const read = readDraftOf(setting, form.draft(setting));
  const converted = read.ok ? onThisMachine(setting, read.value, { cores, memoryBytes }) : null;
  const standard = showSetting(setting, defaultOf(setting, inForce));
  return (
    <div className={classes.row}>
      <SettingInput form={form} setting={setting} placeholder="none" />
      <div className={classes.meta}>
        {isChanged(setting, inForce) ? (
          <ToneBadge tone="info" icon={IconPencil} plain>
            Changed
          </ToneBadge>
        ) : null}
        {form.isChanged(setting) ? <strong>In force: {showSetting(setting, inForce[setting])}.</strong> : null}
        {converted === null ? null : <strong>{converted}.</strong>}
        <span title={setting}>Default: {standard}</span>
        {isStandard(setting, form, inForce) ? null : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Reset ${labelOf(setting)} to ${standard}`}
            onClick={() => form.change(setting, standardDraft(setting, inForce))}
          >
            Reset
          </Button>
        )}
      </div>
      <Owners setting={setting} />
    </div>
  );
}, isSameRow);

function isSameRow(before: SettingRowProps, now: SettingRowProps): boolean {
  const key = now.setting;
  return (
    before.setting === key &&
    before.inForce === now.inForce &&
    sameValue(before.form.draft(key), now.form.draft(key)) &&
    before.form.error(key) === now.form.error(key) &&
    before.form.given(key) === now.form.given(key)
  );
}

/** Most watches that are named. */
const NAMED = 3;

/** For whom the setting does not hold. */
function Owners({ setting }: { setting: SettingKey }) {
  const owners = useAppState(useShallow(({ live }) => ownersOf(setting, live.watches.values())));
  if (owners.length === 0) return null;
  const names = owners.slice(0, NAMED).join(', ') + (owners.length > NAMED ? ', …' : '');
  const lead = plural(owners.length, 'watch has its own', 'watches have their own');
  return (
    <div className={classes.meta} title={owners.join(', ')}>
      {lead}: {names}
    </div>
  );
}

function standardDraft(key: SettingKey, inForce: Settings) {
  return draftOf(key, defaultOf(key, inForce));
}

/** Whether what is typed, or in force where nothing is, is the default. */
function isStandard(key: SettingKey, form: SettingsForm, inForce: Settings): boolean {
  const read = readDraftOf(key, form.draft(key));
  return read.ok && sameValue(read.value, defaultOf(key, inForce));
}
