import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SettingsForm } from '../hooks/use-settings-form';
import classes from './SettingInput.module.css';

/** Below a form of settings: save, discard, and why it was not saved. Always there, so that nothing moves. */
export function FormFoot({ form, children }: { form: SettingsForm; children?: ReactNode }) {
  return (
    <div className={classes.foot}>
      {form.problem === null ? null : (
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />} title="Not saved">
          {form.problem}
        </Alert>
      )}
      <Button disabled={!form.isDirty} loading={form.isSaving} onClick={() => void form.save()}>
        Save
      </Button>
      <Button variant="default" disabled={!form.isDirty || form.isSaving} onClick={form.discard}>
        Discard
      </Button>
      {children}
      <span className={classes.state} role="status">
        {form.isDirty ? 'Not saved yet' : ''}
      </span>
    </div>
  );
}
