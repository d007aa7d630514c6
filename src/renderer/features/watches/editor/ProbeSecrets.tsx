import { Alert, Button, Group, Stack } from '@mantine/core';
import { probeSecretNameSchema } from '../../../../shared/model/probe';
import { parseHeaderLines } from '../../../drafts/header-lines';
import { SecretInput } from '../../../form/SecretInput';
import { useSecrets } from '../../../hooks/use-secrets';
import { useSettingsForm } from '../../../hooks/use-settings-form';

/** The secrets that the headers of a probe name. They are stored by themselves: a probe that is not saved yet can be tried with them. */
export function ProbeSecrets({ headersText }: { headersText: string }) {
  const names = secretsIn(headersText);
  return names.length === 0 ? null : <Fields names={names} />;
}

function Fields({ names }: { names: readonly string[] }) {
  const secrets = useSecrets();
  const form = useSettingsForm('Secrets of probes', secrets);
  return (
    <Stack gap="xs">
      {names.map((name) => (
        <SecretInput
          key={name}
          form={form}
          name={name}
          label={`Secret ${name}`}
          help="The value of the header. All watches that name it share it; it is never displayed"
        />
      ))}
      {form.problem === null ? null : (
        <Alert role="alert" color="red" title="The secret was not stored">
          {form.problem}
        </Alert>
      )}
      {form.isDirty ? (
        <Group gap="xs">
          <Button size="compact-sm" loading={form.isSaving} onClick={() => void form.save()}>
            Store secret
          </Button>
          <Button size="compact-sm" variant="default" onClick={form.discard}>
            Discard
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

/** The names of secrets in the headers, as far as these can be read. */
function secretsIn(headersText: string): readonly string[] {
  const read = parseHeaderLines(headersText);
  if (!read.ok) return [];
  const names = Object.values(read.headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]));
  return [...new Set(names)].filter((name) => probeSecretNameSchema.safeParse(name).success);
}
