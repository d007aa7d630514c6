import { Button, Input, PasswordInput, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleDashed, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { secretVariable, type SecretName, type SecretStatus } from '../../shared/model/secret';
import type { SettingsForm } from '../hooks/use-settings-form';
import { Given } from './SettingInput';
import classes from './SettingInput.module.css';
import { ToneBadge } from '../kit/ToneBadge';

const PLACES: Readonly<Record<Exclude<SecretStatus['where'], 'environment'>, ReactNode>> = {
  keyring: 'Set, in the keyring',
  file: 'Set, in a file that only your user can read',
  locked: "Set, in a keyring that this engine can't open",
};

interface SecretInputProps {
  form: SettingsForm;
  name: SecretName;
  label: string;
  help: string;
}

/** A secret: it goes in and never comes out. What is shown is where it is kept. */
export function SecretInput({ form, name, label, help }: SecretInputProps) {
  const status = form.secretStatus(name);
  const draft = form.secretDraft(name);
  if (draft === undefined && status !== null) {
    return (
      <Input.Wrapper
        label={label}
        description={status?.where === 'environment' ? <Given variable={secretVariable(name) ?? name} /> : help}
        inputWrapperOrder={['label', 'input', 'description']}
        labelElement="div"
      >
        <div className={classes.secret}>
          <Place status={status} />
          {status === undefined || status.where === 'environment' ? null : (
            <>
              <Button size="compact-sm" variant="default" onClick={() => form.changeSecret(name, '')}>
                Replace
                <Of label={label} />
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => form.changeSecret(name, null)}>
                Remove
                <Of label={label} />
              </Button>
            </>
          )}
        </div>
      </Input.Wrapper>
    );
  }
  if (draft === null) {
    return (
      <Input.Wrapper
        label={label}
        description={help}
        inputWrapperOrder={['label', 'input', 'description']}
        labelElement="div"
      >
        <div className={classes.secret}>
          <ToneBadge tone="warn" icon={IconTrash} plain>
            Removed when you save
          </ToneBadge>
          <Button size="compact-sm" variant="default" onClick={() => form.changeSecret(name, undefined)}>
            Keep it
          </Button>
        </div>
      </Input.Wrapper>
    );
  }
  return (
    <PasswordInput
      label={label}
      description={help}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={draft ?? ''}
      onChange={(event) => form.changeSecret(name, event.currentTarget.value)}
      onBlur={() => {
        // Nothing typed: it stays as it is.
        if (draft === '') form.changeSecret(name, undefined);
      }}
      autoFocus={draft === ''}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': `Show ${label.toLowerCase()}` }}
    />
  );
}

/** For those who hear a button alone: what it is about. */
function Of({ label }: { label: string }) {
  return <VisuallyHidden>{` ${label.toLowerCase()}`}</VisuallyHidden>;
}

function Place({ status }: { status: SecretStatus | undefined }) {
  if (status === undefined) {
    return (
      <ToneBadge tone="idle" icon={IconCircleDashed} plain>
        Looking…
      </ToneBadge>
    );
  }
  if (status.where === 'environment') {
    return (
      <ToneBadge tone="info" icon={IconCircleCheckFilled} plain>
        Set, in the environment
      </ToneBadge>
    );
  }
  const isLocked = status.where === 'locked';
  return (
    <ToneBadge tone={isLocked ? 'bad' : 'ok'} icon={isLocked ? IconAlertTriangleFilled : IconCircleCheckFilled} plain>
      {PLACES[status.where]}
    </ToneBadge>
  );
}
