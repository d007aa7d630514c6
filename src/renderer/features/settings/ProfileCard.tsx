import { Radio } from '@mantine/core';
import { SETTINGS, type Settings } from '../../../shared/model/settings';
import { plural } from '../../format/format';
import { fieldOf, labelOf, showSetting } from '../../drafts/setting-fields';
import { profileChanges, type SettingChange } from '../../drafts/settings-groups';
import type { SettingsForm } from '../../hooks/use-settings-form';
import table from '../../kit/DataTable.module.css';
import classes from './SettingsTab.module.css';

const WHAT: Readonly<Record<Settings['profile'], string>> = {
  default: 'Tolerates short peaks, catches slow restart loops, and waits longer before each restart.',
  classic: 'Acts on the first violation, with one restart window, no delays and the older rules for anomalies.',
};

/** What all other settings are where nobody has set them, and what another choice would change. */
export function ProfileCard({ form, inForce }: { form: SettingsForm; inForce: Settings }) {
  const chosen = form.draft('profile') as Settings['profile'];
  const changes = chosen === inForce.profile ? null : profileChanges(inForce, chosen);
  return (
    <section className={classes.card} aria-label="Profile">
      <div className={classes.head}>
        <h2>Profile</h2>
      </div>
      <Radio.Group
        aria-label="Profile"
        description={fieldOf('profile').help}
        value={chosen}
        onChange={(profile) => form.change('profile', profile)}
      >
        <div className={classes.choices}>
          {SETTINGS.profile.choices?.map((profile) => (
            <Radio
              key={profile}
              value={profile}
              label={showSetting('profile', profile as Settings['profile'])}
              description={WHAT[profile as Settings['profile']]}
            />
          ))}
        </div>
      </Radio.Group>
      <p role="status" className={classes.consequence}>
        {changes === null ? '' : consequenceOf(changes)}
      </p>
      {changes === null || changes.length === 0 ? null : <Preview changes={changes} profile={chosen} />}
    </section>
  );
}

function consequenceOf(changes: readonly SettingChange[]): string {
  return changes.length === 0
    ? 'Saving changes no other setting.'
    : `Saving changes ${plural(changes.length, 'setting')}; settings that you changed yourself stay as they are.`;
}

function Preview({ changes, profile }: { changes: readonly SettingChange[]; profile: Settings['profile'] }) {
  return (
    <table className={`${table.table} ${classes.preview}`} aria-label={`What ${profile} changes`}>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Now</th>
          <th scope="col">With {profile}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ key, from, to }) => (
          <tr key={key}>
            <td>{labelOf(key)}</td>
            <td>{showSetting(key, from)}</td>
            <td>
              <strong>{showSetting(key, to)}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
